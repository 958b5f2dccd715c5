import { defineProblems } from '../kernel/problem.js';

export const adjustmentProblems = defineProblems({
  ADJUSTMENT_NOT_FOUND: { status: 404, title: 'No such adjustment' },
  ADJUSTMENT_CONFLICT: { status: 422, title: 'External id used with another body' },
  ADJUSTMENT_REASON_NOT_FOUND: { status: 404, title: 'No such reason for adjustments' },
  ADJUSTMENT_REASON_INACTIVE: { status: 409, title: 'The reason is not used any more' },
  WRONG_DIRECTION: { status: 422, title: 'The reason is meant for the other direction' },
  ORIGIN_MISMATCH: { status: 422, title: "Not the reason's origin" },
  EVIDENCE_REQUIRED: { status: 422, title: 'The reason asks for evidence' },
  DEBIT_IN_PAST: { status: 422, title: 'Points are taken when it is said, not before' },
  MAKER_IS_CHECKER: { status: 403, title: 'A key of another line must decide' },
  ADJUSTMENT_NOT_REQUESTED: { status: 409, title: 'The adjustment waits for no decision' },
  ADJUSTMENT_LAPSED: { status: 409, title: 'The request has lapsed' },
  ADJUSTMENT_NOT_REVERSIBLE: { status: 409, title: 'Nothing that can be reversed' },
  ADJUSTMENT_REVERSED: { status: 409, title: 'The adjustment was reversed before' },
  ADJUSTMENT_ELSEWHERE: { status: 409, title: 'Its lots are in another account' },
  TOO_MANY_ACCOUNTS: { status: 409, title: 'The points went to too many accounts' },
  MORE_THAN_GIVEN: { status: 422, title: 'More points than are left of the adjustment' },
  POINTS_SPENT: { status: 409, title: 'The points were used' },
  LOT_NOT_EXTENDABLE: { status: 409, title: 'The lot cannot be given that end' },
  LOT_NOT_WAITING: { status: 409, title: 'Nothing of the lot waits' },
  MORE_THAN_EXPIRED: { status: 422, title: 'More points than expired' },
});

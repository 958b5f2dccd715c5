import { defineProblems } from '../kernel/problem.js';

export const purchaseProblems = defineProblems({
  RECEIPT_CONFLICT: { status: 422, title: 'Receipt number used with another body' },
  CURRENCY_MISMATCH: { status: 422, title: "Not the programme's currency" },
  OCCURRED_IN_FUTURE: { status: 422, title: 'It lies in the future' },
  BACKDATED_TOO_FAR: { status: 422, title: 'It lies too far back' },
  COMMISSION_MISSING: { status: 422, title: 'A line sold for a commission does not say it' },
  COMMISSION_NOT_EXPECTED: { status: 422, title: 'A line that has no commission says one' },
  COUPONS_EXCEED_GOODS: { status: 422, title: 'Coupons pay for more than is left of our own goods' },
  PURCHASE_NOT_FOUND: { status: 404, title: 'No such purchase' },
  RETURN_NOT_FOUND: { status: 404, title: 'No such return' },
  RETURN_CONFLICT: { status: 422, title: 'Return number used with another body' },
  RETURN_BEFORE_PURCHASE: { status: 422, title: 'The return is earlier than the purchase' },
  RETURN_LINE_UNKNOWN: { status: 422, title: 'Nothing such was bought' },
  RETURN_REDEMPTION_UNKNOWN: { status: 422, title: 'The receipt used no such redemption' },
  RETURN_EXCEEDS_PURCHASE: { status: 422, title: 'More than is left of the purchase' },
  NOTHING_LEFT_TO_RETURN: { status: 409, title: 'Everything was returned before' },
});

import { defineProblems } from '../kernel/problem.js';

export const adjustmentProblems = defineProblems({
  ADJUSTMENT_NOT_FOUND: { status: 404, title: 'No such adjustment', zhHant: '沒有這筆點數調整' },
  ADJUSTMENT_CONFLICT: {
    status: 422,
    title: 'The externalId was used with another body',
    zhHant: '外部編號已用於其他內容',
  },
  ADJUSTMENT_REASON_NOT_FOUND: {
    status: 404,
    title: 'No such adjustment reason',
    zhHant: '沒有這個調整原因',
  },
  ADJUSTMENT_REASON_INACTIVE: {
    status: 409,
    title: 'The adjustment reason is not active',
    zhHant: '這個調整原因已停用',
  },
  WRONG_DIRECTION: {
    status: 422,
    title: 'The reason is for the other direction',
    zhHant: '這個原因是給另一個方向用的',
  },
  ORIGIN_MISMATCH: {
    status: 422,
    title: 'The origin is not that of the reason',
    zhHant: '不是這個原因的來源',
  },
  EVIDENCE_REQUIRED: { status: 422, title: 'The reason requires evidence', zhHant: '這個原因要求佐證' },
  DEBIT_IN_PAST: { status: 422, title: 'A debit cannot be backdated', zhHant: '扣點不能回溯' },
  MAKER_IS_CHECKER: {
    status: 403,
    title: 'A key of another line must decide',
    zhHant: '須由另一個系列的金鑰決定',
  },
  NOT_THE_PLANNER: {
    status: 403,
    title: 'A key of the line that published it must withdraw it',
    zhHant: '須由發布者同一系列的金鑰撤回',
  },
  ADJUSTMENT_NOT_REQUESTED: {
    status: 409,
    title: 'The adjustment is not waiting for a decision',
    zhHant: '這筆調整不在等待決定',
  },
  ADJUSTMENT_LAPSED: { status: 409, title: 'The request has lapsed', zhHant: '申請已失效' },
  ADJUSTMENT_NOT_REVERSIBLE: {
    status: 409,
    title: 'The adjustment cannot be reversed',
    zhHant: '這筆調整不能沖回',
  },
  ADJUSTMENT_REVERSED: {
    status: 409,
    title: 'The adjustment was reversed before',
    zhHant: '這筆調整已經沖回',
  },
  ADJUSTMENT_ELSEWHERE: {
    status: 409,
    title: 'The lots of the adjustment are in another account',
    zhHant: '調整的批次在另一個帳戶',
  },
  TOO_MANY_ACCOUNTS: {
    status: 409,
    title: 'The points went to too many accounts',
    zhHant: '點數分散到太多帳戶',
  },
  MORE_THAN_GIVEN: {
    status: 422,
    title: 'More points than are left of the adjustment',
    zhHant: '超過這筆調整剩下的點數',
  },
  POINTS_TAKEN_BACK: {
    status: 409,
    title: 'The source of the points was taken back',
    zhHant: '給這些點數的來源已被收回',
  },
  POINTS_SPENT: { status: 409, title: 'The points were used', zhHant: '點數已用掉' },
  LOT_NOT_EXTENDABLE: { status: 409, title: 'The lot cannot end at this time', zhHant: '批次不能展期到那時' },
  LOT_NOT_WAITING: { status: 409, title: 'The lot has no pending points', zhHant: '批次沒有等待中的點數' },
  MORE_THAN_EXPIRED: { status: 422, title: 'More points than expired', zhHant: '超過到期的點數' },
});

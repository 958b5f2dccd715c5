import { defineProblems } from '../kernel/problem.js';

export const purchaseProblems = defineProblems({
  RECEIPT_CONFLICT: {
    status: 422,
    title: 'The receipt number was used with another body',
    zhHant: '收據號碼已用於其他內容',
  },
  UNDO_POINTS_SPENT: {
    status: 409,
    title: 'Points to be taken back were used',
    zhHant: '要收回的點數已經使用',
  },
  RECEIPT_ALREADY_CLAIMED: {
    status: 409,
    title: 'The receipt has a member already',
    zhHant: '這張收據已經屬於會員',
  },
  UNMATCHED_RECEIPT_NOT_FOUND: {
    status: 404,
    title: 'No such receipt without a member',
    zhHant: '沒有這張未歸戶的收據',
  },
  UNMATCHED_RECEIPT_RETURNED: {
    status: 409,
    title: 'Goods of the receipt came back',
    zhHant: '這張收據已有退貨',
  },
  CLAIM_WINDOW_OVER: {
    status: 409,
    title: 'The receipt can no longer be claimed',
    zhHant: '這張收據已過補登期限',
  },
  CLAIM_AMOUNT_WRONG: {
    status: 422,
    title: 'The amount is not that of the receipt',
    zhHant: '金額與收據不符',
  },
  CLAIM_UNDER_WAY: { status: 409, title: 'The receipt is being claimed', zhHant: '這張收據正在補登' },
  TOO_MANY_CLAIMS: { status: 429, title: 'Too many wrong claims', zhHant: '補登錯誤次數過多' },
  CURRENCY_MISMATCH: { status: 422, title: "The currency is not the programme's", zhHant: '不是計畫的幣別' },
  OCCURRED_IN_FUTURE: { status: 422, title: 'The time is in the future', zhHant: '時間在未來' },
  BACKDATED_TOO_FAR: { status: 422, title: 'The time is too far in the past', zhHant: '日期太早' },
  COMMISSION_MISSING: {
    status: 422,
    title: 'A line sold on commission has no commission',
    zhHant: '代銷的明細沒有佣金',
  },
  COMMISSION_NOT_EXPECTED: {
    status: 422,
    title: 'A line not sold on commission has one',
    zhHant: '非代銷的明細有佣金',
  },
  COUPONS_EXCEED_GOODS: {
    status: 422,
    title: "The coupons exceed what is left of the shop's own goods",
    zhHant: '折價券超過剩下的自家商品金額',
  },
  PURCHASE_NOT_FOUND: { status: 404, title: 'No such purchase', zhHant: '沒有這張收據' },
  RETURN_NOT_FOUND: { status: 404, title: 'No such return', zhHant: '沒有這筆退貨' },
  RETURN_CONFLICT: {
    status: 422,
    title: 'The return number was used with another body',
    zhHant: '退貨號碼已用於其他內容',
  },
  RETURN_BEFORE_PURCHASE: {
    status: 422,
    title: 'The return is earlier than the purchase',
    zhHant: '退貨早於消費',
  },
  RETURN_LINE_UNKNOWN: { status: 422, title: 'No such line on the receipt', zhHant: '收據上沒有這筆明細' },
  RETURN_REDEMPTION_UNKNOWN: {
    status: 422,
    title: 'The receipt did not use this redemption',
    zhHant: '這張收據沒有用過這筆兌換',
  },
  RETURN_EXCEEDS_PURCHASE: {
    status: 422,
    title: 'The return exceeds what is left of the purchase',
    zhHant: '超過這張收據剩下的',
  },
  NOTHING_LEFT_TO_RETURN: { status: 409, title: 'Everything was returned before', zhHant: '先前已全部退貨' },
});

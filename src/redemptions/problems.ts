import { defineProblems } from '../kernel/problem.js';

export const redemptionProblems = defineProblems({
  POINTS_EXPIRED: { status: 422, title: 'The points have expired', zhHant: '點數已到期' },
  REWARD_NOT_FOUND: { status: 404, title: 'No such reward', zhHant: '沒有這個獎勵' },
  REWARD_INACTIVE: { status: 409, title: 'The reward is not offered now', zhHant: '目前不提供這個獎勵' },
  OUT_OF_STOCK: { status: 409, title: 'The reward is out of stock', zhHant: '獎勵沒有庫存' },
  ABOVE_MAXIMUM_POINTS: {
    status: 422,
    title: 'More points than may pay for a basket',
    zhHant: '超過可折抵的點數',
  },
  ABOVE_MAXIMUM_DISCOUNT: {
    status: 422,
    title: 'A larger discount than points may give',
    zhHant: '超過點數可折抵的金額',
  },
  ABOVE_MAXIMUM_SHARE: {
    status: 422,
    title: 'A larger share of the basket than points may pay for',
    zhHant: '超過點數可支付的購物籃比例',
  },
  POINTS_TENDER_MISMATCH: {
    status: 422,
    title: 'The points tender exceeds the discount of the redemptions',
    zhHant: '點數付款超過兌換所折抵的金額',
  },
  POINTS_TENDER_EXCEEDS_BASKET: {
    status: 422,
    title: 'The points tender exceeds the basket',
    zhHant: '點數付款超過購物籃的金額',
  },
  POINTS_OFF_BASKET_DISABLED: {
    status: 409,
    title: 'The programme gives no discount for points',
    zhHant: '計畫不提供點數折抵',
  },
  BELOW_MINIMUM_POINTS: {
    status: 422,
    title: 'Fewer points than a redemption needs',
    zhHant: '少於一次可兌換的點數',
  },
  REDEMPTION_NOT_FOUND: { status: 404, title: 'No such redemption', zhHant: '沒有這筆兌換' },
  REDEMPTION_CONFLICT: {
    status: 422,
    title: 'The externalId was used with another body',
    zhHant: '外部編號已用於其他內容',
  },
  REDEMPTION_NOT_AUTHORISED: {
    status: 409,
    title: 'The redemption is not on hold',
    zhHant: '兌換不在保留中',
  },
  HOLD_EXPIRED: { status: 409, title: 'The hold has lapsed', zhHant: '保留已逾時' },
  HOLD_TOO_LONG: { status: 422, title: 'The hold would last too long', zhHant: '保留會太久' },
  REDEMPTION_NOT_CAPTURED: {
    status: 409,
    title: 'The redemption has used no points',
    zhHant: '兌換尚未用掉點數',
  },
  NOTHING_LEFT_TO_REVERSE: { status: 409, title: 'All points came back before', zhHant: '所有點數都已退回' },
  REVERSAL_EXCEEDS_REDEMPTION: {
    status: 422,
    title: 'More points than the redemption still uses',
    zhHant: '超過尚未退回的點數',
  },
  REWARD_NOT_DIVISIBLE: { status: 422, title: 'A reward is reversed as a whole', zhHant: '獎勵只能整份沖回' },
  REDEMPTION_NOT_A_REWARD: {
    status: 422,
    title: 'The redemption is not for a reward of the catalogue',
    zhHant: '這筆兌換不是目錄中的獎勵',
  },
  CAPTURE_EXCEEDS_HOLD: { status: 422, title: 'More points than are on hold', zhHant: '超過保留的點數' },
  REDEMPTION_ALREADY_USED: {
    status: 409,
    title: 'The redemption belongs to another receipt',
    zhHant: '兌換屬於另一張收據',
  },
});

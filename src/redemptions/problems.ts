import { defineProblems } from '../kernel/problem.js';

export const redemptionProblems = defineProblems({
  INSUFFICIENT_POINTS: { status: 422, title: 'Not enough points' },
  POINTS_EXPIRED: { status: 422, title: 'The points have expired' },
  REWARD_NOT_FOUND: { status: 404, title: 'No such reward' },
  REWARD_INACTIVE: { status: 409, title: 'The reward is not offered now' },
  OUT_OF_STOCK: { status: 409, title: 'The reward is out of stock' },
  POINTS_OFF_BASKET_DISABLED: { status: 409, title: 'The programme gives no discount for points' },
  BELOW_MINIMUM_POINTS: { status: 422, title: 'Fewer points than may be redeemed at once' },
  REDEMPTION_NOT_FOUND: { status: 404, title: 'No such redemption' },
  REDEMPTION_CONFLICT: { status: 422, title: 'External id used with another body' },
  REDEMPTION_NOT_AUTHORISED: { status: 409, title: 'The redemption is not on hold' },
  HOLD_EXPIRED: { status: 409, title: 'The hold has lapsed' },
  CAPTURE_EXCEEDS_HOLD: { status: 422, title: 'More points than are on hold' },
  REDEMPTION_ALREADY_USED: { status: 409, title: 'The redemption belongs to another receipt' },
});

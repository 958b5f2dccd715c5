export type * from './domain-events.js';
export { promotionGiftsSlice } from './promotion-gifts.slice.js';
export { carryPromotionGifts, earnOnPromotion, givePromotionGifts } from './give-gifts.reactors.js';
export {
  recallOnCancellation,
  recallOnExchange,
  recallOnReturn,
  recallOnUndo,
  takeBackGift,
} from './take-back-gifts.reactors.js';
export { promotionGiftSchemas } from './promotion-gifts.schemas.js';
export { PromotionGiftsModule } from './promotion-gifts.module.js';

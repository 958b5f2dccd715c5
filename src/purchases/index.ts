export { postPurchase } from './post-purchase.handler.js';
export { PurchasesModule } from './purchases.module.js';
export { purchasesSlice } from './purchases.slice.js';
export { purchaseEvents } from './purchases.events.js';
export { purchaseCommand } from './purchase-request.js';
export { purchaseSchemas } from './purchases.schemas.js';
export { purchaseTarget } from './recorded-purchase.query.js';

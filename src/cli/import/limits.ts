/**
 * What the API takes. Repeated here, because importing the API's own classes would load the whole framework;
 * a spec compares the two.
 */
export const MAX_LINES = 1000;
export const MAX_TENDERS = 20;
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;
export const MAX_RECEIPT_NO = 200;
export const MAX_EXTERNAL_ID = 200;
export const MAX_SKU = 100;
export const MAX_LABEL = 100;
export const MAX_CHANNEL = 40;
/** Instants lie from 1970 on and before this one. */
export const MAX_INSTANT = Date.UTC(2200, 0);

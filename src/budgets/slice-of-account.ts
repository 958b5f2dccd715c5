import { SLICES } from './domain/draw.js';

/** The slice to which what an account used comes back. */
export function sliceOfAccount(accountId: string): number {
  return accountId.charCodeAt(accountId.length - 1) % SLICES;
}

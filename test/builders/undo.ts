import type { Command } from '../../src/platform/pipeline/index.js';
import { numberedId } from './ids.js';
import type { Person, Shop } from './shop.js';

/** The undo of all stories. */
export const UNDO = numberedId('und', 1);

/**
 * Takes back what a version of a rule gave for a receipt: for the receipt itself, or out of another account.
 * @param later points that accounts have which come after this one.
 */
export function undoes(
  shop: Shop,
  purchaseId: string,
  of: {
    readonly rule?: string;
    readonly version?: number;
    readonly away?: Person;
    readonly later?: number;
  } = {},
): Command {
  const { rule = 'base', version = 1, away, later = 0 } = of;
  const body = {
    ...{ undoId: UNDO, purchaseId, rule: { id: rule, version }, later, named: [] },
    ...{ measuresAt: shop.clock, wholeStanding: true },
  };
  const receipt = { kind: 'purchase', id: purchaseId } as const;
  if (!away) return shop.command('purchase.undoGrants', receipt, body, {});
  const place = { kind: 'account', id: away.accountId } as const;
  return shop.command('purchase.undoGrants', place, body, { counterparty: receipt });
}

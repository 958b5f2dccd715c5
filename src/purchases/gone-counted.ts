import type { LotId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Work } from '../platform/pipeline/index.js';
import { accountedFor } from './domain/points-back.js';
import { ruleGrants } from './domain/rule-grant.js';
import { purchasesSlice } from './purchases.slice.js';

/**
 * How many points of a lot that a receipt opened its returns found expired or cancelled, and took nothing more for.
 * The command must have named the receipt; 0 for a lot of none.
 */
export function goneCountedByReturns(lotId: LotId, work: Work): Points {
  return [...work.account(purchasesSlice).known.values()]
    .flatMap(({ grants, returns }) => ruleGrants(grants).map((grant) => ({ grant, returns })))
    .filter(({ grant }) => grant.lotIds.includes(lotId))
    .reduce((sum, { grant, returns }) => sum + accountedFor(grant, returns).gone, 0);
}

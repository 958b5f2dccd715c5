import type { LinePoints } from '../../kernel/domain-events.js';
import { groupBy } from '../../kernel/group-by.js';
import type { LotId } from '../../kernel/ids.js';
import type { PurchaseGrant } from './recorded-purchase.js';

/** What one rule gave for a receipt: a lot, and another one of the points that filled a debt at once. */
export interface RuleGrant extends PurchaseGrant {
  /** Its lots; `lotId` is the last of them, by which returns are recorded. */
  readonly lotIds: readonly LotId[];
}

/** A receipt's lots by the rule that gave them: what comes back is worked out for all of a rule's points together. */
export function ruleGrants(grants: readonly PurchaseGrant[]): readonly RuleGrant[] {
  const ordered = [...grants].sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
  const byRule = groupBy(ordered, ({ rule }) => `${rule.id} ${rule.version}`);
  return [...byRule.values()].map((lots) => {
    const last = lots.at(-1) as PurchaseGrant;
    return {
      lotId: last.lotId,
      lotIds: lots.map(({ lotId }) => lotId),
      rule: last.rule,
      origin: last.origin,
      points: lots.reduce((sum, { points }) => sum + points, 0),
      lines: addedUp(lots.flatMap(({ lines }) => lines)),
      cancelled: lots.some(({ cancelled }) => cancelled),
      goneElsewhere: lots.reduce((sum, { goneElsewhere }) => sum + goneElsewhere, 0),
    };
  });
}

function addedUp(parts: readonly LinePoints[]): readonly LinePoints[] {
  return [...groupBy(parts, ({ lineNo }) => lineNo)].map(([lineNo, of]) => ({
    lineNo,
    points: of.reduce((sum, { points }) => sum + points, 0),
  }));
}

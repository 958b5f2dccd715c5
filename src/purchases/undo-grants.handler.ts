import type { DomainEvent, LotPoints, VersionRef } from '../kernel/domain-events.js';
import { isOfSale } from '../kernel/lot-facts.js';
import { groupBy } from '../kernel/group-by.js';
import type { PurchaseId, UndoId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { ledgerSlice } from '../ledger/index.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { planUndo, undoable, type PlannedUndo } from './domain/plan-undo.js';
import type { RecordedPurchase } from './domain/recorded-purchase.js';
import { ruleGrants, type RuleGrant } from './domain/rule-grant.js';
import type { UndoneFacts } from './domain/undone-facts.js';
import { purchaseProblems } from './problems.js';
import { purchasesSlice, recordedPurchase } from './purchases.slice.js';

export interface UndoGrantsBody {
  readonly undoId: UndoId;
  readonly purchaseId: PurchaseId;
  /** The version of a rule whose points are taken back. */
  readonly rule: VersionRef;
  /** Points of it that the accounts have which come after this one. */
  readonly later: Points;
  /** The receipt and the lots that it opened. */
  readonly named: readonly string[];
  /** When the receipt occurred, for what counters must be loaded. */
  readonly measuresAt: number;
  readonly wholeStanding: true;
}

/**
 * Takes back what a version of a rule gave for a receipt (E24): out of the target, where the counterparty is the
 * receipt; the command for the receipt itself comes last and deals with what was spent. Done again it finds nothing.
 */
export const undoGrants: CommandHandler<UndoGrantsBody> = {
  type: 'purchase.undoGrants',
  needsLazyRows: () => true,
  preload: 'referenced',
  referencedIds: ({ named }) => named,
  repeatable: true,
  unknownTarget: notFound,
  unknownCounterparty: notFound,
  naturalConflict: notFound,
  decide: (body, work, counterparty) => {
    const home = counterparty ?? work;
    const purchase = recordedPurchase(home.account(purchasesSlice), body.purchaseId);
    if (!purchase) return refuse(notFound(body));
    const { id, version } = body.rule;
    const grant = ruleGrants(purchase.grants).find(({ rule }) => rule.id === id && rule.version === version);
    if (!grant || undoable(grant, purchase.returns) === 0) return nothingLeft();
    const done = undo(body, grant, purchase, work, home);
    if (!done.ok) return done;
    const { pointsTaken, debt, forgiven } = done.value;
    return ok({ status: 200, body: { pointsTaken, debt, forgiven } });
  },
};

function nothingLeft() {
  return ok({ status: 200, body: { pointsTaken: 0, debt: 0, forgiven: 0 } });
}

function undo(
  { undoId, purchaseId, later }: UndoGrantsBody,
  grant: RuleGrant,
  purchase: RecordedPurchase,
  work: Work,
  home: Work,
): Result<Pick<UndoneFacts, 'pointsTaken' | 'debt' | 'forgiven'>, Problem> {
  const isAway = work.accountId !== home.accountId;
  const away = isAway ? lotsOf(grant, work) : null;
  const plan = planUndo(grant, purchase.returns, { home: lotsOf(grant, home), away, later });
  const policy = programmePolicyInForce(work.config, work.now).correctionPolicy;
  if (plan.short > 0 && policy === 'refuse') {
    const detail = `${plan.short} points of ${purchaseId} were used or are on hold.`;
    return refuse(purchaseProblems.problem('UNDO_POINTS_SPENT', detail, { meta: { short: plan.short } }));
  }
  if (isAway && plan.moves.length === 0) return ok({ pointsTaken: 0, debt: 0, forgiven: 0 });
  const owed = isAway || policy === 'forgive' ? 0 : plan.short;
  const moved = move(undoId, plan, owed, work);
  if (!moved.ok) return moved;
  const facts: UndoneFacts = {
    ...{ undoneId: work.ids.next('udg'), undoId, purchaseId, grants: [plan.undone] },
    ...moved.value,
    forgiven: isAway ? 0 : plan.short - owed,
  };
  const told = tell(facts, plan, grant, purchase, work, home);
  return told.ok ? ok(facts) : told;
}

/** Moves the points. @returns what left the account, and by how much its debt grew. */
function move(
  undoId: UndoId,
  { moves }: PlannedUndo,
  owed: Points,
  work: Work,
): Result<Pick<UndoneFacts, 'takenFrom' | 'pointsTaken' | 'debt'>, Problem> {
  const cause = { type: 'undo', id: undoId } as const;
  const debtBefore = work.account(ledgerSlice).debt;
  const first = work.events.length;
  if (moves.length > 0) {
    const taken = work.emit({ type: 'points.corrected', data: { cause, lots: moves } });
    if (!taken.ok) return taken;
  }
  if (owed > 0) {
    const incurred = work.emit({ type: 'debt.incurred', data: { cause, points: owed } });
    if (!incurred.ok) return incurred;
  }
  const takenFrom = takenBy(undoId, work.events.slice(first));
  return ok({
    takenFrom,
    pointsTaken: takenFrom.reduce((sum, { points }) => sum + points, 0),
    debt: Math.max(0, work.account(ledgerSlice).debt - debtBefore),
  });
}

/** The account keeps what was taken of it; the buyer's receipts, limits and tiers hear of it at home. */
function tell(
  undone: UndoneFacts,
  { uncounted, expired, whole }: PlannedUndo,
  { rule, origin }: RuleGrant,
  { facts: purchase, counted }: RecordedPurchase,
  work: Work,
  home: Work,
): Result<void, Problem> {
  const kept = work.emit({ type: 'points.undone', data: { undone } });
  if (!kept.ok) return kept;
  const { purchaseId, businessDate, occurredAt: earnedAt } = purchase;
  if (counted && uncounted > 0) {
    const awards = [{ ruleId: rule.id, ruleVersion: rule.version, points: uncounted, expired, whole }];
    const told = home.emit({ type: 'awards.returned', data: { purchaseId, earnedAt, businessDate, awards } });
    if (!told.ok) return told;
  }
  const points = isOfSale(origin) ? uncounted : 0;
  return home.emit({ type: 'awards.undone', data: { undone, rule, purchase, counted, points } });
}

function lotsOf({ lotIds }: RuleGrant, work: Work) {
  return [...work.account(ledgerSlice).lots.values()]
    .filter((lot) => lotIds.includes(lot.rootLotId ?? lot.lotId))
    .sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
}

/** The points that left the account: out of the receipt's own lots, and out of others into the debt at once. */
function takenBy(undoId: UndoId, events: readonly DomainEvent[]): readonly LotPoints[] {
  const parts = events.flatMap((event): readonly LotPoints[] => {
    if (event.type !== 'debt.settled' && event.type !== 'points.corrected') return [];
    if (event.data.cause.id !== undoId) return [];
    if (event.type === 'debt.settled') return event.data.lots;
    return event.data.lots.filter(({ from }) => from !== 'settled');
  });
  return [...groupBy(parts, ({ lotId }) => lotId)].map(([lotId, of]) => ({
    lotId,
    points: of.reduce((sum, { points }) => sum + points, 0),
  }));
}

function notFound({ purchaseId }: UndoGrantsBody): Problem {
  return purchaseProblems.problem('PURCHASE_NOT_FOUND', `There is no purchase ${purchaseId}.`);
}

import { pointCost } from '../budgets/index.js';
import type { RuleTrace } from '../earning/index.js';
import type { Id, LotId, PurchaseId } from '../kernel/ids.js';
import type { SubLedgerAmount } from '../kernel/money.js';
import type { Points } from '../kernel/points.js';
import type { Instant } from '../kernel/time.js';
import { ledgerSlice } from '../ledger/index.js';
import type { Command, MemberAtStart, Replay, ReplayedMember } from '../platform/pipeline/index.js';
import { purchasesSlice, type ReceiptToReplay } from '../purchases/index.js';
import { standingSlice, standingView } from '../tiers/index.js';
import { NO_FIGURES, sumOf, type Figures, type SimulatedSide } from './domain/figures.js';

/** Who a replayed command is by. */
const ACTOR = 'simulation';
/** There is no request to digest. */
const NO_REQUEST = '00';

/** A command of the window, when it occurred, and the id that what it made has. */
interface Step {
  readonly command: Command;
  readonly at: Instant;
  readonly kept: Id;
}

/**
 * Carries out a member's receipts and their returns again, in the order in which they occurred.
 * @param endsAt the end of the window, exclusive: the rung is that of the last millisecond before it.
 */
export function replayMember(
  replay: Replay,
  { memberId, accountId, states }: MemberAtStart,
  receipts: readonly ReceiptToReplay[],
  endsAt: Instant,
): SimulatedSide<readonly RuleTrace[]> {
  const member = replay.open(memberId, accountId, new Map(states));
  const explanations = new Map<Id, readonly RuleTrace[]>();
  const refusals: string[] = [];
  for (const { command, at, kept } of stepsOf(receipts, { memberId, replay })) {
    const outcome = member.decide(command, at, kept);
    if (outcome.kind === 'refused') refusals.push(outcome.problem.code);
    else if (outcome.explanation) explanations.set(kept, outcome.explanation as readonly RuleTrace[]);
  }
  const figures = figuresOf(member, replay);
  return {
    receipts: receipts.map(({ purchaseId, businessDate, body: { occurredAt } }) => {
      const byRule = figures.get(purchaseId) ?? new Map<string, Figures>();
      const points = [...byRule.values()].reduce((sum, each) => sum + each.points, 0);
      const explanation = explanations.get(purchaseId) ?? [];
      return { purchaseId, occurredAt, businessDate, byRule, points, explanation };
    }),
    returns: receipts.reduce((sum, { returns }) => sum + returns.length, 0),
    refusals,
    tier: standingView(member.member(standingSlice), replay.config, endsAt - 1).tier,
  };
}

function stepsOf(
  receipts: readonly ReceiptToReplay[],
  { memberId, replay }: { readonly memberId: MemberAtStart['memberId']; readonly replay: Replay },
): readonly Step[] {
  const base = {
    programmeId: replay.config.programmeId,
    ...{ natural: null, idempotencyKey: null, fingerprint: NO_REQUEST, targetFingerprint: NO_REQUEST },
    ...{ actor: ACTOR, dryRun: false, explain: true as const, unbound: true as const },
  };
  const steps = receipts.flatMap(({ purchaseId, body, returns }): readonly Step[] => [
    {
      at: body.occurredAt,
      kept: purchaseId,
      command: {
        ...base,
        ...{ type: 'purchase.post', commandId: purchaseId, target: { kind: 'member', id: memberId }, body },
      },
    },
    ...returns.map(({ returnId, body: back }): Step => ({
      at: back.occurredAt,
      kept: returnId,
      command: {
        ...base,
        ...{ type: 'purchase.return', commandId: returnId, target: { kind: 'purchase', id: purchaseId } },
        body: back,
      },
    })),
  ]);
  // The order is stable: of one instant, receipts stay before their returns.
  return steps.sort((a, b) => a.at - b.at);
}

/** What the lots of each receipt came to, by rule. */
function figuresOf(
  member: ReplayedMember,
  { config }: Replay,
): ReadonlyMap<PurchaseId, Map<string, Figures>> {
  const { lots, movements } = member.account(ledgerSlice);
  const returned = new Map<LotId, Points>();
  for (const { facts } of member.account(purchasesSlice).returned)
    for (const { lotId, points, notTaken } of facts.grants)
      returned.set(lotId, (returned.get(lotId) ?? 0) + points - notTaken);
  const released = new Map<LotId, SubLedgerAmount>();
  for (const { lotId, causeType, liability } of movements)
    if (lotId !== null && causeType === 'return')
      released.set(lotId, (released.get(lotId) ?? 0n) + liability);
  const figures = new Map<PurchaseId, Map<string, Figures>>();
  for (const { lotId, purchaseId, rule, points, allocated, earnedAt } of lots.values()) {
    if (purchaseId === null || !rule) continue;
    const takenBack = returned.get(lotId) ?? 0;
    const byRule = figures.get(purchaseId) ?? new Map<string, Figures>();
    figures.set(purchaseId, byRule);
    const kept = points - takenBack;
    byRule.set(
      rule.id,
      sumOf(byRule.get(rule.id) ?? NO_FIGURES, {
        ...{ points: kept, granted: points, takenBack },
        liability: allocated + (released.get(lotId) ?? 0n),
        cost: BigInt(kept) * pointCost(config, earnedAt, Infinity),
      }),
    );
  }
  return figures;
}

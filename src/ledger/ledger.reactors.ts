import type { Cause, DomainEventType, ValuedAward } from '../kernel/domain-events.js';
import type { LotId, PurchaseId } from '../kernel/ids.js';
import { ok } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import { reactor, type Emission, type Reactor } from '../platform/pipeline/index.js';
import { grantState } from './domain/debt-at-grant.js';
import type { LotGrant } from './domain/lot-grant.js';
import { isPastExpiry } from './domain/lot.js';
import { planDebtSettlement } from './domain/spend.js';
import { debtOpenSince } from './debt-history.slice.js';
import { ledgerSlice } from './ledger.slice.js';

/** Opens a lot for every valued award. A late receipt's points that would have become usable by now do so at once. */
const openLots = reactor({
  name: 'ledger.openLots',
  on: 'awards.valued',
  react: ({ data: { source, awards, slidingExpiresAt } }, work) => {
    const cause = { type: source.kind, id: source.id } as const;
    const slid: readonly Emission[] =
      slidingExpiresAt === null
        ? []
        : [{ type: 'expiry.slid', data: { cause, expiresAt: slidingExpiresAt } }];
    if (awards.length === 0) return ok(slid);
    const lots = awards.map((award) => grantOf(award, work.ids.next('lot'), work.now));
    const purchaseId = source.kind === 'purchase' ? (source.id as PurchaseId) : null;
    const data = { cause, purchaseId, lots };
    return ok([...slid, { type: 'lots.granted', data }]);
  },
});

function grantOf(award: ValuedAward, lotId: LotId, now: Instant): LotGrant {
  return {
    lotId,
    source: award.source,
    state: grantState(award, now),
    rule: award.rule,
    origin: award.origin,
    points: award.points,
    lines: award.lines,
    allocated: award.allocated,
    valuation: award.valuation,
    availableAt: award.availableAt,
    expiresAt: award.expiresAt,
    awaits: award.awaits,
    slides: award.slides,
    expiryPolicy: award.expiryPolicy,
    milestone: award.milestone,
  };
}

/** Points that a redemption or a forfeit gives back. */
type ComingBack = 'points.released' | 'points.restored' | 'points.unforfeited';

/**
 * The instant of the account's state for an event. A due transition (a lapsed hold, points that became usable) finds
 * the account as it was at its time, however late it is recorded; a reported event finds it as it is now.
 */
function foundAt(
  event: { readonly type: DomainEventType; readonly occurredAt: Instant },
  now: Instant,
): Instant {
  return event.type === 'points.released' || event.type === 'points.activated' ? event.occurredAt : now;
}

/** Points that come back after their lot's last instant expire when they come back. */
const expireAfter = (on: ComingBack): Reactor =>
  reactor<ComingBack>({
    name: `ledger.expire after ${on}`,
    on,
    react: (event, work) => {
      const { lots } = work.account(ledgerSlice);
      const at = foundAt(event, work.now);
      const over = event.data.lots.filter(({ lotId }) => {
        const lot = lots.get(lotId);
        return lot !== undefined && isPastExpiry(lot, at);
      });
      return ok(
        over.map(({ lotId, points }) => ({
          type: 'points.expired',
          data: { lots: [{ lotId, points }] },
          occurredAt: at,
        })),
      );
    },
  });

/** After these events there may be available points and a debt at once. */
const FILLS_DEBT = [
  'lots.granted',
  'lots.received',
  'points.activated',
  'points.released',
  'points.restored',
  // What had filled a debt and is taken back leaves that debt open again.
  'points.returned',
  'points.corrected',
  'points.unforfeited',
  'debt.incurred',
] as const satisfies readonly DomainEventType[];
type FillsDebt = (typeof FILLS_DEBT)[number];

/** Points that become available fill the account's debt first, so that owed points are not spent. */
const settleDebtAfter = (on: FillsDebt): Reactor =>
  reactor<FillsDebt>({
    name: `ledger.settle debt after ${on}`,
    on,
    react: (event, work) => {
      const { now } = work;
      const at = foundAt(event, now);
      // What is granted late came when it was earned.
      const from = event.type === 'lots.granted' ? event.occurredAt : at;
      const settled = planDebtSettlement(work.account(ledgerSlice), { from, at, now }, debtOpenSince(work));
      const { data } = event;
      const cause = 'cause' in data ? data.cause : redemptionCause(data.redemptionId);
      return ok(
        settled.map(({ at: occurredAt, lots, wasOpen }) => ({
          ...{ type: 'debt.settled', data: { cause, lots, ...(wasOpen && { wasOpen }) } },
          occurredAt,
        })),
      );
    },
  });

/** What a late entry granted, and filled no debt, expires at once where its time is over. */
const expireGranted = reactor({
  name: 'ledger.expire late points',
  on: 'lots.granted',
  react: ({ data }, work) => {
    const { lots } = work.account(ledgerSlice);
    const granted = data.lots.flatMap(({ lotId }) => lots.get(lotId) ?? []);
    const over = granted.filter((lot) => lot.available > 0 && isPastExpiry(lot, work.now));
    return ok(
      over.map(({ lotId, available: points, expiresAt }) => ({
        type: 'points.expired',
        data: { lots: [{ lotId, points }] },
        occurredAt: expiresAt as Instant,
      })),
    );
  },
});

function redemptionCause(id: string): Cause {
  return { type: 'redemption', id };
}

/** What the ledger does by itself, in this order: what comes back after its end expires, the rest fills debts. */
export const ledgerReactors: readonly Reactor[] = [
  openLots,
  expireAfter('points.released'),
  expireAfter('points.restored'),
  expireAfter('points.unforfeited'),
  ...FILLS_DEBT.map(settleDebtAfter),
  expireGranted,
];

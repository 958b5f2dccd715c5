import type { DomainEvent, DomainEventMap, LotPoints } from '../../src/kernel/domain-events.js';
import type { Instant } from '../../src/kernel/time.js';
import { applyToLedger } from '../../src/ledger/domain/fold.js';
import type { LedgerState } from '../../src/ledger/domain/ledger-state.js';
import type { LotGrant } from '../../src/ledger/domain/lot-grant.js';
import type { Lot } from '../../src/ledger/domain/lot.js';
import { GENESIS_HASH } from '../../src/ledger/domain/movement.js';
import { numberedId } from './ids.js';

export const ZONE = 'Europe/Warsaw';
const ACCOUNT = numberedId('acc', 1);
const MEMBER = numberedId('mbr', 1);

export function lotId(number: number): LotGrant['lotId'] {
  return numberedId('lot', number);
}

/** The lots of a plan by number and points: `[[1, 30], [2, 20]]`. */
export function lotPoints(...parts: readonly (readonly [number: number, points: number])[]): LotPoints[] {
  return parts.map(([number, points]) => ({ lotId: lotId(number), points }));
}

/** An account without points, all of whose lots (none) are loaded. */
export function emptyLedger(overrides: Partial<LedgerState> = {}): LedgerState {
  return {
    accountId: ACCOUNT,
    available: 0,
    pending: 0,
    held: 0,
    debt: 0,
    debtAt: null,
    debtPostedOn: null,
    lifetimeEarned: 0,
    lifetimeRedeemed: 0,
    movementSequence: 0,
    headHash: GENESIS_HASH,
    slidingExpiresAt: null,
    slidingAvailable: 0,
    fixedExpiring: [],
    expiringUntil: Infinity,
    nextPendingAt: null,
    lots: new Map(),
    complete: true,
    horizon: null,
    slidingHorizon: null,
    reachesTo: overrides.complete === false ? -Infinity : Infinity,
    waitingUntil: overrides.complete === false ? -Infinity : Infinity,
    movements: [],
    opened: new Set(),
    touched: new Set(),
    renewed: new Set(),
    slides: [],
    ...overrides,
  };
}

/** 100 purchase points that carry 9 currency units and never expire. */
export function grant(number: number, overrides: Partial<LotGrant> = {}): LotGrant {
  const points = overrides.points ?? 100;
  return {
    lotId: lotId(number),
    rule: { id: 'base', version: 1 },
    origin: 'purchase',
    points,
    lines: [{ lineNo: 1, points }],
    availableAt: 0,
    expiresAt: null,
    allocated: 9_000_000n,
    valuation: null,
    state: 'available',
    awaits: null,
    slides: false,
    expiryPolicy: { type: 'never' },
    ...overrides,
  };
}

/** An open lot of 100 points as it was loaded. */
export function lot(number: number, overrides: Partial<Lot> = {}): Lot {
  const points = overrides.points ?? 100;
  return {
    lotId: lotId(number),
    memberId: MEMBER,
    origin: 'purchase',
    purchaseId: numberedId('pur', 1),
    buyer: null,
    rule: { id: 'base', version: 1 },
    lines: [{ lineNo: 1, points }],
    points,
    allocated: 9_000_000n,
    valuation: null,
    earnedAt: 0,
    availableAt: 0,
    plannedAt: null,
    expiresAt: null,
    firstExpiresAt: null,
    slides: false,
    awaits: null,
    postedOn: null,
    parentLotId: null,
    rootLotId: null,
    movedAt: 0,
    movedOn: null,
    undelivered: 0,
    pending: 0,
    available: points,
    held: 0,
    redeemed: 0,
    expired: 0,
    returned: 0,
    settled: 0,
    moved: 0,
    cancelled: 0,
    ...overrides,
  };
}

/** What happens to one account, event by event, with a clock of its own. */
export class LedgerStory {
  private readonly redemptionId = numberedId('rdm', 1);
  /** Never goes back: a story may have facts of earlier days, but its commands come in order. */
  private recordedAt: Instant = -Infinity;

  constructor(
    public state: LedgerState = emptyLedger(),
    private now: Instant = Date.parse('2026-03-10T12:00:00+01:00'),
  ) {}

  at(text: string): this {
    this.now = Date.parse(text);
    return this;
  }

  granted(...lots: readonly LotGrant[]): this {
    return this.apply('lots.granted', {
      cause: { type: 'purchase', id: numberedId('pur', 1) },
      purchaseId: numberedId('pur', 1),
      lots,
    });
  }

  held(...lots: readonly LotPoints[]): this {
    return this.apply('points.held', { redemptionId: this.redemptionId, lots });
  }

  released(...lots: readonly LotPoints[]): this {
    return this.apply('points.released', { redemptionId: this.redemptionId, lots });
  }

  redeemed(from: 'available' | 'held', ...lots: readonly LotPoints[]): this {
    return this.apply('points.redeemed', { redemptionId: this.redemptionId, from, lots });
  }

  expired(...lots: readonly LotPoints[]): this {
    return this.apply('points.expired', { lots });
  }

  apply<T extends keyof DomainEventMap>(type: T, data: DomainEventMap[T]): this {
    this.recordedAt = Math.max(this.recordedAt, this.now);
    const event = {
      type,
      data,
      accountId: ACCOUNT,
      memberId: MEMBER,
      occurredAt: this.now,
      recordedAt: this.recordedAt,
      effectiveAt: null,
      beyondBound: false,
      actor: 'engine',
    } as unknown as DomainEvent;
    this.state = applyToLedger(this.state, event, ZONE);
    return this;
  }
}

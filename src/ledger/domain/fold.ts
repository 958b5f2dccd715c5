import type { DomainEvent } from '../../kernel/domain-events.js';
import type { Draft } from '../../kernel/draft.js';
import type { LotId } from '../../kernel/ids.js';
import { NeedsMoreRows } from '../../kernel/needs-more-rows.js';
import { localDate, type Instant, type LocalDate } from '../../kernel/time.js';
import { draftOf, refreshed, slideTo, type LedgerState } from './ledger-state.js';
import type { LotGrant, ReceivedLot } from './lot-grant.js';
import { lotLiability, movePoints, type Destination, type Lot, type Moment, type Source } from './lot.js';
import { lotTermsHash } from './lot-terms.js';
import { HASH_VERSION, movementHash } from './movement.js';
import { effectiveDay, endsADay, postingDate, postsBy } from './posting-date.js';
import { postingsOf, type Posting, type Terms } from './postings.js';

/** Folds an event into the account's points; events that move none leave the state as it is. */
export function applyToLedger(state: LedgerState, event: DomainEvent, timeZone: string): LedgerState {
  if (event.type === 'expiry.slid') return slide(state, event);
  const postings = postingsOf(event, (lotId) => known(state, state.lots, lotId));
  if (postings.length === 0) return state;
  return post(withNewLots(state, event), state, postings, event, timeZone);
}

/** @throws NeedsMoreRows for a lot that was not loaded; where all were, that is a bug. */
function known({ accountId, complete }: LedgerState, lots: ReadonlyMap<LotId, Lot>, lotId: LotId): Lot {
  const lot = lots.get(lotId);
  if (lot) return lot;
  throw complete
    ? new Error(`lot ${lotId} is not loaded`)
    : new NeedsMoreRows(accountId, `lot ${lotId}`, 'everything');
}

function slide(state: LedgerState, event: DomainEvent & { type: 'expiry.slid' }): LedgerState {
  const { expiresAt, cause } = event.data;
  if (state.slidingExpiresAt !== null && expiresAt <= state.slidingExpiresAt) return state;
  const { occurredAt, recordedAt } = event;
  const lots = new Map([...state.lots].map(([lotId, lot]) => [lotId, slideTo(lot, expiresAt)]));
  const slides = [...state.slides, { expiresAt, cause, occurredAt, recordedAt }];
  const slid = draftOf(state);
  slid.lots = lots;
  slid.slides = slides;
  slid.slidingExpiresAt = expiresAt;
  slid.slidingHorizon = state.slidingHorizon && slideTo(state.slidingHorizon, expiresAt);
  return slid;
}

function withNewLots(state: LedgerState, event: DomainEvent): LedgerState {
  if (event.type !== 'lots.granted' && event.type !== 'lots.received') return state;
  const made =
    event.type === 'lots.granted'
      ? event.data.lots.map((grant) => grantedLot(grant, event))
      : event.data.lots.map(receivedLot);
  const [lots, opened] = [new Map(state.lots), new Set(state.opened)];
  for (const lot of made) {
    lots.set(lot.lotId, slideTo(lot, state.slidingExpiresAt));
    opened.add(lot.lotId);
  }
  const granted = draftOf(state);
  granted.lots = lots;
  granted.opened = opened;
  return granted;
}

function grantedLot(grant: LotGrant, event: DomainEvent & { type: 'lots.granted' }): Lot {
  const origin = {
    memberId: event.memberId,
    purchaseId: event.data.purchaseId,
    earnedAt: grant.earnedAt ?? event.occurredAt,
    movedAt: event.occurredAt,
    movedOn: null,
  };
  return newLot(grant, { ...origin, buyer: null }, null, null);
}

function receivedLot(lot: ReceivedLot): Lot {
  return newLot(lot, lot, lot.parentLotId, lot.rootLotId);
}

/** A lot before its first movement. Written out field by field: spreading costs several times as much. */
function newLot(
  grant: Omit<LotGrant, 'state'>,
  {
    memberId,
    buyer,
    purchaseId,
    earnedAt,
    movedAt,
    movedOn,
  }: Pick<Lot, 'memberId' | 'buyer' | 'purchaseId' | 'earnedAt' | 'movedAt' | 'movedOn'>,
  parentLotId: LotId | null,
  rootLotId: LotId | null,
): Lot {
  const { awaits, expiryPolicy } = grant;
  return {
    undelivered: 0,
    pending: 0,
    available: 0,
    held: 0,
    redeemed: 0,
    expired: 0,
    returned: 0,
    settled: 0,
    moved: 0,
    cancelled: 0,
    lotId: grant.lotId,
    origin: grant.origin,
    rule: grant.rule,
    lines: grant.lines,
    points: grant.points,
    allocated: grant.allocated,
    valuation: grant.valuation,
    availableAt: grant.availableAt,
    plannedAt: null,
    expiresAt: grant.expiresAt,
    slides: grant.slides,
    awaits: awaits && { ...awaits, expiryPolicy },
    firstExpiresAt: null,
    memberId,
    purchaseId,
    buyer,
    earnedAt,
    postedOn: null,
    parentLotId,
    rootLotId,
    movedAt,
    movedOn,
  };
}

/** Carries out postings: lots, balances and the hash chain move together. */
function post(
  state: LedgerState,
  before: LedgerState,
  postings: readonly Posting[],
  event: DomainEvent,
  timeZone: string,
): LedgerState {
  const book = new Book(state, event, timeZone);
  for (const posting of postings) book.enter(posting);
  return refreshed(before, book.result());
}

/** An account's state while the postings of one event are entered. */
class Book {
  private readonly lots: Map<LotId, Lot>;
  private readonly touched: Set<LotId>;
  private readonly renewed: Set<LotId>;
  private readonly movements: LedgerState['movements'][number][];
  private readonly balance: { available: number; pending: number; held: number; debt: number };
  private debtAt: Instant | null;
  private debtPostedOn: LocalDate | null;
  private headHash: string;
  private movementSequence: number;
  private lifetimeEarned: number;
  private lifetimeRedeemed: number;

  constructor(
    private readonly state: LedgerState,
    private readonly event: DomainEvent,
    private readonly timeZone: string,
  ) {
    const { available, pending, held, debt } = state;
    this.lots = new Map(state.lots);
    this.touched = new Set(state.touched);
    this.renewed = new Set(state.renewed);
    this.movements = [...state.movements];
    this.balance = { available, pending, held, debt };
    this.debtAt = state.debtAt;
    this.debtPostedOn = state.debtPostedOn;
    this.headHash = state.headHash;
    this.movementSequence = state.movementSequence;
    this.lifetimeEarned = state.lifetimeEarned;
    this.lifetimeRedeemed = state.lifetimeRedeemed;
  }

  enter(posting: Posting): void {
    const { lotId } = posting;
    const setsExpiryAt = this.newExpiry(posting);
    const moment = this.momentOf(posting);
    const liability = lotId === null ? 0n : this.moveLot(lotId, posting, moment);
    this.count(posting);
    this.noteDebt(posting, moment);
    this.movementSequence += 1;
    const { recordedAt } = this.event;
    const movement: Draft<LedgerState['movements'][number]> = {
      accountId: this.state.accountId,
      sequence: this.movementSequence,
      lotId,
      memberId: lotId === null ? this.event.memberId : (this.lots.get(lotId) as Lot).memberId,
      from: posting.from,
      to: posting.to,
      points: posting.points,
      liability,
      eventCode: posting.eventCode,
      causeType: posting.cause.type,
      causeId: posting.cause.id,
      occurredAt: moment.at,
      recordedAt,
      postingDate: moment.postedOn,
      setsExpiryAt,
      effectiveAt: moment.effectiveAt === moment.at ? null : moment.effectiveAt,
      terms: this.termsOf(posting),
      hashVersion: HASH_VERSION,
      hash: '',
    };
    movement.hash = this.headHash = movementHash(this.headHash, movement);
    this.movements.push(movement);
  }

  result(): LedgerState {
    const { balance } = this;
    const state = draftOf(this.state);
    state.available = balance.available;
    state.pending = balance.pending;
    state.held = balance.held;
    state.debt = balance.debt;
    state.debtAt = this.debtAt;
    state.debtPostedOn = this.debtPostedOn;
    state.lots = this.lots;
    state.touched = this.touched;
    state.renewed = this.renewed;
    state.movements = this.movements;
    state.headHash = this.headHash;
    state.movementSequence = this.movementSequence;
    state.lifetimeEarned = this.lifetimeEarned;
    state.lifetimeRedeemed = this.lifetimeRedeemed;
    return state;
  }

  /** The expiry that a posting gives its lot; null where it stays as it is. */
  private newExpiry({ lotId, terms }: Posting): Instant | null {
    const expiresAt = terms?.expiresAt ?? null;
    if (lotId === null || expiresAt === null) return null;
    const lot = known(this.state, this.lots, lotId);
    return lot.slides || expiresAt === lot.expiresAt ? null : expiresAt;
  }

  /** The digest of the lot's terms where the posting set them. */
  private termsOf({ lotId, from, terms }: Posting): string | null {
    if (lotId === null || (from !== 'issued' && terms === null)) return null;
    return lotTermsHash(this.lots.get(lotId) as Lot);
  }

  /** @returns the change of the contract liability. */
  private moveLot(lotId: LotId, { from, to, points, terms }: Posting, moment: Moment): bigint {
    if (from === 'none' || from === 'debt' || to === 'debt' || to === 'none')
      throw new Error('a debt has no lot');
    const before = known(this.state, this.lots, lotId);
    const moved: Draft<Lot> = movePoints(before, from, to, points, moment);
    // Made by the move, and not shared yet.
    if (beginsToBeOwed(from, to)) moved.postedOn = moment.postedOn;
    const after = terms ? { ...moved, ...withTerms(moved, terms) } : moved;
    this.lots.set(lotId, after);
    this.touched.add(lotId);
    if (terms) this.renewed.add(lotId);
    return from === 'issued' ? lotLiability(after) : lotLiability(after) - lotLiability(before);
  }

  private count({ from, to, points }: Posting): void {
    const { balance } = this;
    this.add(from, -points);
    this.add(to, points);
    if (from === 'settled') balance.debt += points;
    if (to === 'settled') balance.debt -= points;
    // A lot that continues another account's was earned there.
    if (from === 'issued' && this.event.type === 'lots.granted') this.lifetimeEarned += points;
    if (to === 'redeemed') this.lifetimeRedeemed += points;
    if (from === 'redeemed') this.lifetimeRedeemed -= points;
  }

  private add(bucket: string, points: number): void {
    if (bucket === 'undelivered' || bucket === 'pending') this.balance.pending += points;
    else if (bucket === 'available' || bucket === 'held' || bucket === 'debt') this.balance[bucket] += points;
  }

  /**
   * The instant of a movement: that of its event, but never before the points that it moves were there. Points that a
   * till dates ahead are moved at the date that it gave. A movement that fills a debt comes after the debt, or after
   * the part of the debt that it fills. So every figure as of any instant or posting date is one that the lot really
   * had, and none is negative.
   */
  private momentOf(posting: Posting): Moment {
    const { lotId } = posting;
    const lot = lotId === null ? null : known(this.state, this.lots, lotId);
    const fillsDebt = posting.to === 'settled' || posting.from === 'debt';
    let at = this.event.occurredAt;
    if (lot !== null && lot.movedAt > at) at = lot.movedAt;
    const wasOpen = this.event.type === 'debt.settled' && this.event.data.wasOpen === true;
    if (fillsDebt && !wasOpen && this.debtAt !== null && this.debtAt > at) at = this.debtAt;
    const effectiveAt = this.effectiveAt(posting, at);
    let postedOn = this.postingDate(posting, effectiveAt, lot);
    if (lot !== null && lot.movedOn !== null && lot.movedOn > postedOn) postedOn = lot.movedOn;
    if (fillsDebt && this.debtPostedOn !== null && this.debtPostedOn > postedOn) postedOn = this.debtPostedOn;
    return { at, effectiveAt, postedOn };
  }

  /** What comes of age or is forfeited by itself takes effect when it happens; all else when the command says. */
  private effectiveAt({ cause }: Posting, at: Instant): Instant {
    const { effectiveAt } = this.event;
    const byItself = cause.type === 'expiry' || cause.type === 'activation' || cause.type === 'closing';
    return effectiveAt === null || byItself ? at : effectiveAt;
  }

  private postingDate({ cause, from, to }: Posting, effectiveAt: Instant, lot: Lot | null): LocalDate {
    return postingDate({
      effectiveOn: effectiveDay(effectiveAt, endsADay(cause, to), this.timeZone),
      recordedOn: localDate(this.event.recordedAt, this.timeZone),
      by: postsBy(cause, from, to),
      beyondBound: this.event.beyondBound,
      issuedOn: lot === null ? null : lot.postedOn,
      earliestOpenDay: null,
    });
  }

  /** From when on a debt that grew can be filled. */
  private noteDebt({ from, to }: Posting, { at, postedOn }: Moment): void {
    if (to !== 'debt' && from !== 'settled') return;
    if (this.debtAt === null || this.debtAt < at) this.debtAt = at;
    if (this.debtPostedOn === null || this.debtPostedOn < postedOn) this.debtPostedOn = postedOn;
  }
}

/** Whether points are issued, or those that were only promised are owed from now on. */
function beginsToBeOwed(from: Source, to: Destination): boolean {
  return from === 'issued' || (from === 'undelivered' && (to === 'pending' || to === 'available'));
}

function withTerms(
  lot: Lot,
  terms: Terms,
): Pick<Lot, 'availableAt' | 'plannedAt' | 'expiresAt' | 'firstExpiresAt' | 'awaits'> {
  // Whatever sets when points become usable ends the waiting for an event.
  const awaits = terms.availableAt === undefined ? lot.awaits : null;
  const { availableAt = lot.availableAt } = terms;
  const isSooner = lot.awaits === null && availableAt !== lot.availableAt;
  const plannedAt = isSooner ? lot.availableAt : lot.plannedAt;
  if (lot.slides) return { availableAt, plannedAt, awaits, expiresAt: lot.expiresAt, firstExpiresAt: null };
  const { expiresAt = lot.expiresAt } = terms;
  const firstExpiresAt = lot.firstExpiresAt ?? (expiresAt === lot.expiresAt ? null : lot.expiresAt);
  return { availableAt, plannedAt, expiresAt, firstExpiresAt, awaits };
}

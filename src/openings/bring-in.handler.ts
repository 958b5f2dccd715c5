import { accountingPolicyFor, noPolicyAt, valuationOf } from '../finance/index.js';
import type { DomainEventMap } from '../kernel/domain-events.js';
import { formatSubLedger, minorToSubLedger } from '../kernel/money.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { endOfDay, formatInstant, startOfDay, type Instant } from '../kernel/time.js';
import type { LotGrant } from '../ledger/index.js';
import { memberProblems, memberSlice } from '../members/index.js';
import type { CommandHandler, Setting, Work } from '../platform/pipeline/index.js';
import { openingFault, type OpeningFault, type OpeningLot } from './domain/opening-lot.js';
import { openingDay } from './opening-day.js';
import { openingProblems } from './problems.js';

/** A lot to be brought in, and what the books had come to when it was asked for. */
export interface BringInBody extends OpeningLot {
  /** Points were earned in the books after the opening day, so that what comes in now would change days since. */
  readonly booksBegun: boolean;
}

/**
 * Brings points of an old system in, on the first day in the books (E26): a lot with the amount that they carried
 * there, earned when they were earned there. Nothing is worked out anew.
 */
export const bringIn: CommandHandler<BringInBody> = {
  type: 'opening.bringIn',
  cacheable: true,
  needsLazyRows: () => false,
  preload: 'referenced',
  unknownTarget: (body, setting) => {
    const checked = checkOpening(body, setting);
    if (!checked.ok) return checked.refusal;
    return memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.');
  },
  naturalConflict: ({ source, externalId }) =>
    openingProblems.problem(
      'OPENING_CONFLICT',
      `${externalId} of ${source} was brought in before with another content or for another member.`,
    ),
  decide: (body, work) => {
    const checked = checkOpening(body, work);
    if (!checked.ok) return checked;
    if (work.member(memberSlice).status === 'closed')
      return refuse(memberProblems.problem('MEMBER_CLOSED', 'A closed member receives no points.'));
    const policy = accountingPolicyFor(work.config, checked.value);
    if (!policy) return refuse(noPolicyAt(work.config, checked.value));
    const { source, externalId, origin, points } = body;
    const { timeZone, currency } = work.config;
    const valuation = { ...valuationOf(policy), method: 'given' as const, opening: { source, externalId } };
    const earnedAt = startOfDay(body.earnedOn, timeZone);
    const lot: LotGrant = {
      ...{ lotId: work.ids.next('lot'), state: 'available', rule: null, origin, points, lines: [] },
      allocated: minorToSubLedger(body.carriedMinor),
      ...{ valuation, earnedAt, availableAt: earnedAt, awaits: null, slides: false },
      expiresAt: body.expiresOn === null ? null : endOfDay(body.expiresOn, timeZone),
      expiryPolicy: { type: 'never' },
    };
    const cause = { type: 'opening', id: lot.lotId } as const;
    // What the opening day had may be over by now: the ledger lets it expire at once, on its own day.
    const granted = work.emit({
      type: 'lots.granted',
      data: { cause, purchaseId: null, lots: [lot] },
      occurredAt: checked.value,
    });
    if (!granted.ok) return granted;
    const entry = work.emit({ type: 'act.audited', data: auditedOpening(work, body, lot) });
    if (!entry.ok) return entry;
    const answer = {
      id: lot.lotId,
      memberId: work.memberId,
      ...{ source, externalId, origin, points },
      allocated: formatSubLedger(lot.allocated, currency),
      earnedAt: formatInstant(earnedAt),
      expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
    };
    return ok({ status: 201, body: answer });
  },
};

/** The lot's entry of the audit log, in the transaction of its movements. */
function auditedOpening(
  { ids, memberId }: Work,
  { source, externalId, origin, points, carriedMinor }: BringInBody,
  { lotId }: LotGrant,
): DomainEventMap['act.audited'] {
  return {
    auditId: ids.next('adt'),
    action: 'openings.broughtIn',
    subject: `openings/${source}`,
    memberId,
    before: null,
    after: { lotId, source, externalId, origin, points, carriedMinor },
  };
}

/** @returns the opening instant. */
function checkOpening(body: BringInBody, { config, now }: Setting): Result<Instant, Problem> {
  const day = openingDay(config);
  if (day === null) {
    const detail = 'Set booksFrom in the programme policy first: opening balances come in on its first day.';
    return refuse(openingProblems.problem('BOOKS_FROM_MISSING', detail));
  }
  const at = startOfDay(day, config.timeZone);
  if (at > now) {
    const detail = `The books begin on ${day}; opening balances come in from that day on.`;
    return refuse(openingProblems.problem('BOOKS_BEGIN_LATER', detail));
  }
  if (body.booksBegun) {
    const detail = `Points were earned in the books after ${day}; opening balances would change days that were reported.`;
    return refuse(openingProblems.problem('BOOKS_BEGUN', detail));
  }
  const fault = openingFault(body, day);
  return fault === null ? ok(at) : refuse(openingProblems.problem(fault, DETAILS[fault](day)));
}

const DETAILS: Readonly<Record<OpeningFault, (day: string) => string>> = {
  OPENING_EARNED_LATER: (day) => `Points earned from ${day} on come with their receipts.`,
  OPENING_EXPIRED: (day) => `Points that expired before ${day} are not part of the opening balance.`,
  OPENING_CARRIES_MONEY: () => 'Points of the origin non_purchase carry no money; carriedMinor must be 0.',
};

import { accountingPolicyInForce } from '../finance/index.js';
import type { DomainEvent, DomainEventOf, PurchaseFacts } from '../kernel/domain-events.js';
import type { PurchaseId } from '../kernel/ids.js';
import { ok, refuse } from '../kernel/result.js';
import { formatInstant, localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { balanceOf, ledgerSlice } from '../ledger/index.js';
import { memberProblems, memberSlice, statusAt } from '../members/index.js';
import type { Answer, CommandHandler } from '../platform/pipeline/command.js';
import type { Work } from '../platform/pipeline/work-view.js';
import { standingSlice, standingView } from '../tiers/index.js';
import { checkBackdating } from './check-backdating.js';
import { CLOCK_SKEW_MS, type PurchaseBody } from './domain/purchase-body.js';
import { saleFault, soldLines } from './domain/sold-lines.js';
import { purchaseProblems } from './problems.js';
import { redemptionNotices } from './redemption-notices.js';
import { tierChangeView } from './tier-change-view.js';

const NO_CATEGORIES = {};

/** Records a receipt; what follows from it is the reactors' business. */
export const postPurchase: CommandHandler<PurchaseBody> = {
  type: 'purchase.post',
  resumable: true,
  needsDetails: ({ redemptionIds }) => redemptionIds.length > 0,
  front: 'named',
  inOrder: true,
  subjects: ({ redemptionIds }) => redemptionIds,
  unknownTarget: () =>
    memberProblems.problem('MEMBER_NOT_FOUND', 'No member of this programme is known by that.'),
  naturalConflict: ({ source, receiptNo }) =>
    purchaseProblems.problem(
      'RECEIPT_CONFLICT',
      `Receipt ${receiptNo} of ${source} was posted before with another body.`,
    ),
  decide: (body, work) => {
    const { currency, timeZone } = work.config;
    if (body.currency !== currency) {
      const detail = `The programme's currency is ${currency}, the receipt's ${body.currency}.`;
      const errors = [{ pointer: '/currency', code: 'CURRENCY_MISMATCH', detail }];
      return refuse(purchaseProblems.problem('CURRENCY_MISMATCH', detail, { errors }));
    }
    if (body.occurredAt > work.now + CLOCK_SKEW_MS) {
      const detail = `occurredAt is more than ${CLOCK_SKEW_MS / 1000} seconds ahead of the server's clock.`;
      const errors = [{ pointer: '/occurredAt', code: 'OCCURRED_IN_FUTURE', detail }];
      return refuse(purchaseProblems.problem('OCCURRED_IN_FUTURE', detail, { errors }));
    }
    const backdated = checkBackdating('receipt', body.occurredAt, '/occurredAt', work);
    if (!backdated.ok) return backdated;
    const policy = accountingPolicyInForce(work.config, body.occurredAt)?.body;
    const lines = soldLines(body.lines, policy?.revenueByCategory ?? NO_CATEGORIES);
    const fault = saleFault(lines, body.tenders);
    if (fault) {
      const { code, pointer, detail, meta } = fault;
      const errors = [{ pointer, code, detail }];
      return refuse(purchaseProblems.problem(code, detail, { errors, meta }));
    }
    const purchase = factsOf(body, lines, work.ids.next('pur'), localDate(body.occurredAt, timeZone));
    const first = work.events.length;
    const memberActive = statusWhen(body.occurredAt, work) === 'active';
    const recorded = work.emit({
      type: 'purchase.recorded',
      data: { purchase, memberActive },
      occurredAt: body.occurredAt,
      beyondBound: backdated.value,
    });
    return recorded.ok ? ok(answer(purchase, work, work.events.slice(first))) : recorded;
  },
};

/** A late receipt is judged by the member's status when it occurred (scenario decision 11). */
function statusWhen(occurredAt: Instant, work: Work) {
  const { status, statusChanges } = work.member(memberSlice);
  return statusAt(status, statusChanges, occurredAt);
}

function factsOf(
  body: PurchaseBody,
  lines: PurchaseFacts['lines'],
  purchaseId: PurchaseId,
  businessDate: LocalDate,
): PurchaseFacts {
  return {
    purchaseId,
    source: body.source,
    receiptNo: body.receiptNo,
    occurredAt: body.occurredAt,
    businessDate,
    currency: body.currency,
    channel: body.channel,
    lines,
    tenders: body.tenders,
    redemptionIds: body.redemptionIds,
    attributes: body.attributes,
  };
}

/** @param events what the receipt caused, and nothing that came before it. */
function answer(purchase: PurchaseFacts, work: Work, events: readonly DomainEvent[]): Answer {
  const granted = all(events, 'lots.granted').flatMap(({ data }) => data.lots);
  const grants = granted.map((lot) => ({
    lotId: lot.lotId,
    rule: lot.rule,
    origin: lot.origin,
    points: lot.points,
    state: lot.expiresAt !== null && lot.expiresAt <= work.now ? 'expired' : lot.state,
    availableAt: formatInstant(lot.availableAt),
    expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
    lines: lot.lines,
  }));
  return {
    status: 201,
    body: {
      id: purchase.purchaseId,
      memberId: work.memberId,
      accountId: work.accountId,
      source: purchase.source,
      receiptNo: purchase.receiptNo,
      occurredAt: formatInstant(purchase.occurredAt),
      recordedAt: formatInstant(work.now),
      pointsGranted: granted.reduce((sum, { points }) => sum + points, 0),
      pointsToDebt: all(events, 'debt.settled')
        .flatMap(({ data }) => data.lots)
        .reduce((sum, { points }) => sum + points, 0),
      grants,
      redemptions: purchase.redemptionIds,
      balance: balanceOf(work.account(ledgerSlice)),
      standing: standingView(work.member(standingSlice), work.config, work.now),
      tierChange: tierChangeView(events),
      notices: notices(purchase, work, events, grants),
      explanation: null,
    },
    // A receipt is judged once.
    explanation: all(events, 'points.awarded')[0]?.data.explanation ?? [],
  };
}

/** What a till may want to tell: why a receipt earned nothing, or that its points are gone already. */
function notices(
  purchase: PurchaseFacts,
  work: Work,
  events: readonly DomainEvent[],
  grants: readonly { state: string }[],
): readonly { code: string; detail: string }[] {
  const status = statusWhen(purchase.occurredAt, work);
  const list: { code: string; detail: string }[] = [];
  if (status !== 'active') {
    const whose = `The member ${status === 'suspended' ? 'was suspended when the receipt occurred' : `is ${status}`}`;
    const code = status === 'suspended' ? 'MEMBER_SUSPENDED' : 'MEMBER_CLOSED';
    list.push({ code, detail: `${whose}: the receipt is recorded and earns nothing.` });
  }
  if (all(events, 'points.awarded').every(({ data }) => data.explanation.length === 0)) {
    list.push({
      code: 'NO_RULE_IN_FORCE',
      detail: 'No earning rule was in force when the receipt occurred.',
    });
  }
  if (grants.some(({ state }) => state === 'expired')) {
    list.push({
      code: 'POINTS_ALREADY_EXPIRED',
      detail: 'The receipt is so late that its points expired at once.',
    });
  }
  if (purchase.redemptionIds.length > 0) list.push(...redemptionNotices(purchase, events));
  return list;
}

function all<T extends 'lots.granted' | 'debt.settled' | 'points.awarded'>(
  events: readonly DomainEvent[],
  type: T,
): readonly DomainEventOf<T>[] {
  return events.filter((event) => event.type === type) as DomainEventOf<T>[];
}

import { firstRuleAfter } from '../earning/index.js';
import type { DomainEvent, DomainEventOf, PurchaseFacts } from '../kernel/domain-events.js';
import type { PurchaseId } from '../kernel/ids.js';
import { ok } from '../kernel/result.js';
import { formatInstant, localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { balanceOf, ledgerSlice } from '../ledger/index.js';
import { memberProblems, memberSlice, statusAt } from '../members/index.js';
import type { Answer, CommandHandler, Work } from '../platform/pipeline/index.js';
import { standingSlice, standingView } from '../tiers/index.js';
import { checkReceipt } from './check-receipt.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import { grantedView } from './granted-view.js';
import { purchaseProblems } from './problems.js';
import { redemptionNotices } from './redemption-notices.js';
import { tierChangeView } from './tier-change-view.js';

/** Records a receipt; what follows from it is the reactors' business. */
export const postPurchase: CommandHandler<PurchaseBody> = {
  type: 'purchase.post',
  awards: true,
  cacheable: true,
  needsLazyRows: ({ redemptionIds }) => redemptionIds.length > 0,
  preload: 'referenced',
  inOrder: true,
  referencedIds: ({ redemptionIds }) => redemptionIds,
  unknownTarget: (body, setting) => {
    const checked = checkReceipt(body, setting);
    if (!checked.ok) return checked.refusal;
    return memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.');
  },
  naturalConflict: ({ source, receiptNo }) =>
    purchaseProblems.problem(
      'RECEIPT_CONFLICT',
      `Receipt ${receiptNo} of ${source} was posted before with another body.`,
    ),
  decide: (body, work) => {
    const checked = checkReceipt(body, work);
    if (!checked.ok) return checked;
    const { lines, beyondBound } = checked.value;
    const businessDate = localDate(body.occurredAt, work.config.timeZone);
    const purchase = factsOf(body, lines, work.ids.next('pur'), businessDate);
    const first = work.events.length;
    const memberActive = statusWhen(body.occurredAt, work) === 'active';
    const recorded = work.emit({
      type: 'purchase.recorded',
      data: { purchase, memberActive },
      occurredAt: body.occurredAt,
      beyondBound,
    });
    return recorded.ok ? ok(answer(purchase, work, work.events.slice(first))) : recorded;
  },
};

/** A late receipt is evaluated with the member's status when it occurred (docs/decisions.md#late-receipts). */
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
  const facts = {
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
  return body.terminal ? { ...facts, terminal: body.terminal } : facts;
}

/** @param events what the receipt caused, and nothing that came before it. */
function answer(purchase: PurchaseFacts, work: Work, events: readonly DomainEvent[]): Answer {
  const { pointsGranted, pointsToDebt, grants } = grantedView(events, work);
  const statusPoints = statusGiven(events);
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
      pointsGranted,
      pointsToDebt,
      ...(statusPoints > 0 ? { statusPoints } : {}),
      grants,
      redemptions: purchase.redemptionIds,
      balance: balanceOf(work.account(ledgerSlice)),
      standing: standingView(work.member(standingSlice), work.config, work.now),
      tierChange: tierChangeView(events),
      notices: notices(purchase, work, events, grants),
      explanation: null,
    },
    // A receipt is evaluated once, by each reactor that awards points for it.
    explanation: awardsIn(events).flatMap(({ data }) => data.explanation),
  };
}

/** Status points that rules gave. */
function statusGiven(events: readonly DomainEvent[]): number {
  return awardsIn(events)
    .flatMap(({ data: { status = [] } }) => status)
    .reduce((sum, { points }) => sum + points, 0);
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
  if (awardsIn(events).every(({ data }) => data.explanation.length === 0)) {
    const begins = firstRuleAfter(work.config, purchase.occurredAt);
    const next = begins === null ? '' : ` The next one begins at ${formatInstant(begins)}.`;
    list.push({
      code: 'NO_RULE_IN_FORCE',
      detail: `No earning rule was in force when the receipt occurred.${next}`,
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

function awardsIn(events: readonly DomainEvent[]): readonly DomainEventOf<'points.awarded'>[] {
  return events.filter((event) => event.type === 'points.awarded');
}

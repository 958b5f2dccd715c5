import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.js';
import type { IdSource } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { sha256Hex } from '../kernel/sha256.js';
import { addToDate, formatInstant, localDate, parseInstant, type Clock } from '../kernel/time.js';
import { memberProblems, MemberStore, type Member } from '../members/index.js';
import type { CommandContext, Submit } from '../platform/http/command-context.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException, unwrap } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import type { Caller } from '../platform/http/caller.js';
import type { Outcome } from '../platform/pipeline/index.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { checkReceipt } from './check-receipt.js';
import { claimReceipt } from './claim-receipt.handler.js';
import {
  amountOf,
  claimableUntil,
  CLAIM_CODE_BYTES,
  claimCodeOf,
  KEPT_AFTER_CLAIMS_DAYS,
  typedClaimCode,
  type UnmatchedReceipt,
} from './domain/unmatched-receipt.js';
import { purchaseProblems } from './problems.js';
import { purchaseBody, receiptKey } from './purchase-request.js';
import type { ReceiptDto } from './purchase.dto.js';
import type { ClaimReceiptDto, ReturnUnmatchedDto } from './unmatched-receipt.dto.js';
import { UnmatchedReceiptStore, type KeptReceipt } from './unmatched-receipt.store.js';
import { keptView, unmatchedView } from './unmatched-receipt-view.js';

/** How a claim names its receipt. */
type Named =
  | { readonly by: 'code'; readonly code: string }
  | {
      readonly by: 'amount';
      readonly source: string;
      readonly receiptNo: string;
      readonly amountMinor: number;
    };

/** Receipts that come without a member: kept, claimed once, returned, deleted when their time is over. */
@Injectable()
export class UnmatchedReceipts {
  constructor(
    private readonly store: UnmatchedReceiptStore,
    private readonly members: MemberStore,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * Keeps a receipt without a member. It gives no points and owes none.
   * @throws ProblemException where the policy has no such receipts, or the receipt is at fault.
   */
  async keep(dto: ReceiptDto & { readonly claimCode?: boolean }, context: CommandContext): Promise<Outcome> {
    const { programmeId, keyId: actor, scopes } = context.caller;
    const now = this.clock.now();
    const config = await this.configs.current(programmeId);
    const { unmatchedReceipts } = programmePolicyInForce(config, now);
    if (unmatchedReceipts === null)
      throw invalid([{ pointer: '/member', code: 'IS_DEFINED', detail: 'member is missing.' }]);
    const body = purchaseBody(dto);
    const fingerprint = sha256Hex(canonicalJson(body));
    const { source, receiptNo } = body;
    const known = await this.store.byNumber(programmeId, source, receiptNo, now);
    const withCode = dto.claimCode ?? false;
    if (known) return repeated(known, fingerprint, withCode);
    if (body.redemptionIds.length > 0) {
      const detail = 'A receipt without a member uses no redemptions.';
      throw invalid([{ pointer: '/redemptionIds', code: 'NEEDS_MEMBER', detail }]);
    }
    unwrap(checkReceipt(body, { config, now, unbound: scopes.includes('import') }));
    const until = claimableUntil(body.occurredAt, unmatchedReceipts.claimDays, config.timeZone);
    if (until <= now) throw refusal('CLAIM_WINDOW_OVER', ended(body.receiptNo, until));
    const receipt: UnmatchedReceipt = {
      receiptId: this.ids.next('unm'),
      body,
      amountMinor: amountOf(body),
      recordedAt: now,
      claimableUntil: until,
      claimCode: claimCodeOf(randomBytes(CLAIM_CODE_BYTES)),
      state: 'open',
    };
    if (context.dryRun) return answered(200, keptView(receipt, false), false);
    if (await this.store.keep(programmeId, receipt, fingerprint, actor))
      return answered(202, keptView(receipt, withCode), false);
    const first = await this.store.byNumber(programmeId, source, receiptNo, now);
    if (first) return repeated(first, fingerprint, withCode);
    throw conflict(body);
  }

  /** Posts a kept receipt as the member's. @throws ProblemException for each reason why it is not the member's to claim. */
  async claim(dto: ClaimReceiptDto, context: CommandContext, submit: Submit): Promise<Outcome> {
    const named = namedBy(dto);
    const { caller } = context;
    const { programmeId } = caller;
    const target = targetOf(dto.member, caller);
    const member = await this.members.find(programmeId, target);
    if (!member)
      throw new ProblemException(
        memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
      );
    const now = this.clock.now();
    const kept = await this.found(caller, member, named);
    if (kept.state === 'returned') throw returned(kept);
    if (kept.state === 'over')
      throw refusal('CLAIM_WINDOW_OVER', ended(kept.body.receiptNo, kept.claimableUntil));
    const { body, receiptId } = kept;
    const mayBegin =
      context.dryRun || kept.state === 'claimed' || (await this.store.beginClaim(receiptId, now));
    if (!mayBegin) throw returned(kept);
    const natural = { scope: 'receipt', key: receiptKey(body) } as const;
    const request = { type: claimReceipt.type, target, natural, body: { ...body, unmatchedId: receiptId } };
    // The receipt came in time when it was kept; its own window bounds the claim.
    return submit({ ...commandOf(request, context), unbound: true });
  }

  /** Notes that goods of a kept receipt came back: it can no longer be claimed. */
  async giveBack(dto: ReturnUnmatchedDto, { programmeId }: Caller) {
    const now = this.clock.now();
    const { source, receiptNo } = dto.purchase;
    const find = () => this.store.byNumber(programmeId, source, receiptNo, now);
    const kept = await find();
    if (!kept) throw refusal('UNMATCHED_RECEIPT_NOT_FOUND', `No receipt ${receiptNo} of ${source} is kept.`);
    const by = { ...dto, occurredAt: parseInstant(dto.occurredAt) as number };
    if (by.occurredAt < kept.body.occurredAt)
      throw refusal('RETURN_BEFORE_PURCHASE', 'The return is earlier than the receipt.');
    await this.store.markReturned(kept.receiptId, by, now);
    const after = await find();
    if (after?.returned?.source === dto.source && after.returned.receiptNo === dto.receiptNo)
      return unmatchedView(after);
    if (after?.state === 'claimed') {
      const detail = `Receipt ${receiptNo} of ${source} has a member: return it with POST /v1/returns.`;
      throw refusal('RECEIPT_ALREADY_CLAIMED', detail);
    }
    if (after?.returned) throw returned(after);
    throw refusal('CLAIM_UNDER_WAY', 'The receipt is being claimed. Send the return again in a minute.');
  }

  /** Deletes receipts some time after their claims ended, and counts of tries of earlier days. */
  async purge(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const day = localDate(now, 'UTC');
    const endedBefore = parseInstant(
      `${addToDate(day, { days: -KEPT_AFTER_CLAIMS_DAYS })}T00:00:00Z`,
    ) as number;
    let more = true;
    while (more && !signal.aborted) more = await this.store.purge(endedBefore);
    await this.store.purgeTries(addToDate(day, { days: -2 }));
  }

  /** The receipt of a claim, if the claim may name it: what is named wrongly is counted, by receipt and by member. */
  private async found(caller: Caller, { memberId }: Member, named: Named): Promise<KeptReceipt> {
    const { programmeId } = caller;
    const now = this.clock.now();
    const { timeZone } = await this.configs.atLeast(programmeId, 0);
    const day = localDate(now, timeZone);
    if (!(await this.store.countTry(programmeId, memberId, day)))
      throw refusal('TOO_MANY_CLAIMS', 'The member named too many wrong receipts today. Try again tomorrow.');
    if (named.by === 'code') {
      const kept = await this.store.byCode(programmeId, typedClaimCode(named.code), now);
      if (!kept) throw refusal('UNMATCHED_RECEIPT_NOT_FOUND', 'No receipt without a member has this code.');
      await this.store.forgetTry(programmeId, memberId, day, null);
      return kept;
    }
    const { source, receiptNo, amountMinor } = named;
    const kept = await this.store.byNumber(programmeId, source, receiptNo, now);
    if (!kept) throw refusal('UNMATCHED_RECEIPT_NOT_FOUND', `No receipt ${receiptNo} of ${source} is kept.`);
    if (!(await this.store.countAmount(kept.receiptId)))
      throw refusal(
        'TOO_MANY_CLAIMS',
        'Too many wrong amounts were named for this receipt. Claim it by its code, or let the till post it with the member.',
      );
    if (kept.amountMinor !== amountMinor)
      throw refusal('CLAIM_AMOUNT_WRONG', 'The amount is not that of the receipt.');
    await this.store.forgetTry(programmeId, memberId, day, kept.receiptId);
    return kept;
  }
}

function namedBy({ source, receiptNo, amountMinor, claimCode }: ClaimReceiptDto): Named {
  const fields = [source, receiptNo, amountMinor].filter((field) => field !== undefined && field !== null);
  const hasCode = claimCode !== undefined && claimCode !== null;
  if (hasCode && fields.length === 0) return { by: 'code', code: claimCode };
  if (hasCode || fields.length < 3) {
    const detail = 'Give source, receiptNo and amountMinor, or claimCode alone.';
    throw invalid([{ pointer: '/claimCode', code: 'ONE_OF', detail }]);
  }
  return {
    by: 'amount',
    source: source as string,
    receiptNo: receiptNo as string,
    amountMinor: amountMinor as number,
  };
}

function repeated(known: KeptReceipt, fingerprint: string, withCode: boolean): Outcome {
  if (known.fingerprint !== fingerprint) throw conflict(known.body);
  return answered(200, keptView(known, withCode), true);
}

function answered(status: number, body: object, replayed: boolean): Outcome {
  return { kind: 'answered', status, body: JSON.stringify(body), replayed };
}

function conflict({ source, receiptNo }: { readonly source: string; readonly receiptNo: string }) {
  const detail = `Receipt ${receiptNo} of ${source} was posted before with another body.`;
  return refusal('RECEIPT_CONFLICT', detail);
}

function returned({ body }: KeptReceipt): ProblemException {
  const detail = `Goods of receipt ${body.receiptNo} of ${body.source} came back, so it cannot be claimed.`;
  return refusal('UNMATCHED_RECEIPT_RETURNED', detail);
}

function ended(receiptNo: string, until: number): string {
  return `Receipt ${receiptNo} could be claimed until ${formatInstant(until)}.`;
}

function refusal(code: keyof typeof purchaseProblems.definitions, detail: string): ProblemException {
  const problem: Problem = purchaseProblems.problem(code, detail);
  return new ProblemException(problem);
}

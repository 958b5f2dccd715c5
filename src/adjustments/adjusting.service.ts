import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AdjustmentFacts } from '../kernel/domain-events.js';
import type { AccountId, AdjustmentId, IdSource, PurchaseId } from '../kernel/ids.js';
import type { Caller } from '../platform/http/caller.js';
import { commandOf, type CommandRequest } from '../platform/http/command-request.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { Pipeline, type Outcome } from '../platform/pipeline/index.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { IDS } from '../platform/tokens.js';
import { loadedWithReceipt, purchaseProblems, ReturnLookup } from '../purchases/index.js';
import { AdjustmentQuery } from './adjustment.query.js';
import { PointsElsewhereQuery } from './points-elsewhere.query.js';
import { takeElsewhere } from './take-elsewhere.handler.js';

/** What came with a request beside its body. */
export interface Exchange {
  readonly idempotencyKey: string | undefined;
  readonly dryRun: boolean | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Asked<B> = Pick<CommandRequest<B>, 'type' | 'target' | 'body' | 'natural' | 'repeats'> & {
  readonly caller: Caller;
};

/** The adjustment that another corrects, as it was posted. */
export type Corrected = Pick<AdjustmentFacts, 'adjustmentId' | 'lots'>;

/** Puts adjustments to the pipeline and sends their answers. */
@Injectable()
export class Adjusting {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly query: AdjustmentQuery,
    private readonly elsewhere: PointsElsewhereQuery,
    private readonly receipts: ReturnLookup,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async answer<B>(
    asked: Asked<B>,
    { idempotencyKey, dryRun = false, request, reply }: Exchange,
  ): Promise<void> {
    const said = commandOf({ ...asked, idempotencyKey, dryRun }, this.ids);
    const command = { ...said, body: { ...said.body, line: asked.caller.line } };
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  /**
   * The same for what corrects another adjustment: it is posted with what it takes of the member's account, and then
   * takes the rest of the accounts to which points went, one command for each.
   */
  async correct<B extends object>(
    corrected: Corrected,
    asked: Asked<B>,
    { idempotencyKey, dryRun = false, request, reply }: Exchange,
  ): Promise<void> {
    const lotIds = corrected.lots.map(({ lotId }) => lotId);
    const places = await this.elsewhere.places(lotIds);
    const named = [corrected.adjustmentId, ...lotIds, ...(await this.elsewhere.receipts(lotIds))];
    const said = commandOf({ ...asked, idempotencyKey, dryRun }, this.ids);
    // Where the points are is no part of what was said, as it may be different the next time; neither is who says it.
    const body = { ...said.body, places, named, line: asked.caller.line };
    const outcome = await this.pipeline.submit({ ...said, body });
    const done = dryRun ? outcome : await this.finish(outcome, corrected, asked.caller);
    sendOutcome(reply, done, request.url);
  }

  /**
   * The same for what takes a receipt back, wherever its points wait.
   * @throws ProblemException PURCHASE_NOT_FOUND
   */
  async takeBack<B extends object>(
    purchaseId: PurchaseId,
    asked: Asked<B>,
    { idempotencyKey, dryRun = false, request, reply }: Exchange,
  ): Promise<void> {
    const lookedUp = await this.receipts.lookUp(asked.caller.programmeId, [purchaseId]);
    if (lookedUp.candidates.length === 0) {
      const detail = `There is no purchase ${purchaseId}.`;
      throw new ProblemException(purchaseProblems.problem('PURCHASE_NOT_FOUND', detail));
    }
    const said = commandOf({ ...asked, idempotencyKey, dryRun }, this.ids);
    const { waiting } = lookedUp;
    // What was looked up for it is no part of what was said: it may be more the next time.
    const command = {
      ...said,
      ...(waiting === null ? {} : { counterparty: { kind: 'waiting', id: waiting } as const }),
      body: { ...said.body, ...loadedWithReceipt(lookedUp), line: asked.caller.line },
    };
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  /**
   * Finishes what was posted about an adjustment and interrupted before it had taken its points everywhere.
   * @returns whether that was its reversal, which is the answer then, or a refusal.
   */
  async resume(
    corrected: Corrected,
    caller: Caller,
    { request, reply, dryRun = false }: Exchange,
  ): Promise<boolean> {
    if (dryRun) return false;
    for (const made of await this.query.unfinished(caller.programmeId, corrected.adjustmentId)) {
      const accounts = (made.outcome?.elsewhere ?? []).map(({ accountId }) => accountId);
      const last = await this.takeAll(made.adjustmentId, accounts, corrected, caller);
      if (!last || (last.kind === 'answered' && made.kind !== 'creditReversal')) continue;
      sendOutcome(reply, last.kind === 'answered' ? { ...last, replayed: true } : last, request.url);
      return true;
    }
    return false;
  }

  private async finish(outcome: Outcome, corrected: Corrected, caller: Caller): Promise<Outcome> {
    if (outcome.kind === 'refused') return outcome;
    const made = JSON.parse(outcome.body) as {
      readonly id: AdjustmentId;
      readonly outcome: { readonly elsewhere: readonly { readonly accountId: AccountId }[] } | null;
    };
    const accounts = (made.outcome?.elsewhere ?? []).map(({ accountId }) => accountId);
    const last = await this.takeAll(made.id, accounts, corrected, caller);
    return last?.kind === 'answered' ? { ...outcome, body: last.body } : (last ?? outcome);
  }

  /** @returns the last answer, or the first refusal; null where there is nothing to take. */
  private async takeAll(
    adjustmentId: AdjustmentId,
    accounts: readonly AccountId[],
    { adjustmentId: correctsId, lots }: Corrected,
    caller: Caller,
  ): Promise<Outcome | null> {
    let last: Outcome | null = null;
    for (const id of accounts) {
      const body = { adjustmentId, correctsId, namedLots: lots.map(({ lotId }) => lotId) };
      const target = { kind: 'account', id } as const;
      const counterparty = { kind: 'adjustment', id: adjustmentId } as const;
      const command = commandOf({ type: takeElsewhere.type, caller, target, counterparty, body }, this.ids);
      last = await this.pipeline.submit(command);
      if (last.kind === 'refused') return last;
    }
    return last;
  }
}

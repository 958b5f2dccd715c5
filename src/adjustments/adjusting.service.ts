import { Injectable } from '@nestjs/common';
import type { AccountId, AdjustmentId, PurchaseId } from '../kernel/ids.js';
import {
  contextOf,
  type CommandContext,
  type Submission,
  type Submit,
} from '../platform/http/command-context.js';
import { commandOf, type CommandRequest } from '../platform/http/command-request.js';
import type { Command, Outcome } from '../platform/pipeline/index.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { loadedWithReceipt, purchaseProblems, ReturnLookup } from '../purchases/index.js';
import { AdjustmentQuery } from './adjustment.query.js';
import type { AdjustmentFacts } from './domain/adjustment-facts.js';
import { PointsElsewhereQuery } from './points-elsewhere.query.js';
import { takeElsewhere } from './take-elsewhere.handler.js';

/** The adjustment that another corrects, as it was posted. */
export type Corrected = Pick<AdjustmentFacts, 'adjustmentId' | 'lots'>;

/** The context of a request whose command leads to further ones. */
type Carrying = CommandContext & { readonly submit: Submit };

/** Makes commands of adjustments, and carries on with what one of them leads to on other accounts. */
@Injectable()
export class Adjusting {
  constructor(
    private readonly query: AdjustmentQuery,
    private readonly elsewhere: PointsElsewhereQuery,
    private readonly receipts: ReturnLookup,
  ) {}

  answer<B>(asked: CommandRequest<B>, context: CommandContext): Command {
    const said = commandOf(asked, context);
    return { ...said, body: { ...said.body, line: context.caller.line } };
  }

  /**
   * The same for what corrects another adjustment: it is posted with what it takes of the member's account, and then
   * takes the rest of the accounts to which points went, one command for each.
   */
  async correct<B extends object>(
    corrected: Corrected,
    asked: CommandRequest<B>,
    context: CommandContext,
  ): Promise<Submission> {
    const lotIds = corrected.lots.map(({ lotId }) => lotId);
    const places = await this.elsewhere.places(lotIds);
    const named = [corrected.adjustmentId, ...lotIds, ...(await this.elsewhere.receipts(lotIds))];
    const said = commandOf(asked, context);
    // Where the points are is no part of what was said, as it may be different the next time; neither is the caller.
    const command = { ...said, body: { ...said.body, places, named, line: context.caller.line } };
    if (context.dryRun) return command;
    return async (submit) => this.finish(await submit(command), corrected, { ...context, submit });
  }

  /** The same for a reversal; one that was interrupted before it had taken its points everywhere is finished instead. */
  async reverse<B extends object>(
    reversed: Corrected,
    asked: CommandRequest<B>,
    context: CommandContext,
  ): Promise<Submission> {
    if (context.dryRun) return this.correct(reversed, asked, context);
    return async (submit) => {
      const resumed = await this.resume(reversed, { ...context, submit });
      if (resumed) return resumed;
      const made = await this.correct(reversed, asked, context);
      return typeof made === 'function' ? made(submit) : submit(made);
    };
  }

  /**
   * The same for what takes a receipt back, wherever its points wait.
   * @throws ProblemException PURCHASE_NOT_FOUND
   */
  async takeBack<B extends object>(
    purchaseId: PurchaseId,
    asked: CommandRequest<B>,
    context: CommandContext,
  ): Promise<Command> {
    const { caller } = context;
    const lookedUp = await this.receipts.lookUp(caller.programmeId, [purchaseId]);
    if (lookedUp.candidates.length === 0) {
      const detail = `There is no purchase ${purchaseId}.`;
      throw new ProblemException(purchaseProblems.problem('PURCHASE_NOT_FOUND', detail));
    }
    const said = commandOf(asked, context);
    const { waiting } = lookedUp;
    // What was looked up for it is no part of what was said: it may be more the next time.
    return {
      ...said,
      ...(waiting === null ? {} : { counterparty: { kind: 'waiting', id: waiting } as const }),
      body: { ...said.body, ...loadedWithReceipt(lookedUp), line: caller.line },
    };
  }

  /**
   * Finishes what was posted about an adjustment and interrupted before it had taken its points everywhere.
   * @returns the answer of its reversal if that was among it, or a refusal; null otherwise.
   */
  private async resume(corrected: Corrected, context: Carrying): Promise<Outcome | null> {
    const { programmeId } = context.caller;
    for (const made of await this.query.unfinished(programmeId, corrected.adjustmentId)) {
      const accounts = (made.outcome?.elsewhere ?? []).map(({ accountId }) => accountId);
      const last = await this.takeAll(made.adjustmentId, accounts, corrected, context);
      if (!last || (last.kind === 'answered' && made.kind !== 'creditReversal')) continue;
      return last.kind === 'answered' ? { ...last, replayed: true } : last;
    }
    return null;
  }

  private async finish(outcome: Outcome, corrected: Corrected, context: Carrying): Promise<Outcome> {
    if (outcome.kind === 'refused') return outcome;
    const made = JSON.parse(outcome.body) as {
      readonly id: AdjustmentId;
      readonly outcome: { readonly elsewhere: readonly { readonly accountId: AccountId }[] } | null;
    };
    const accounts = (made.outcome?.elsewhere ?? []).map(({ accountId }) => accountId);
    const last = await this.takeAll(made.id, accounts, corrected, context);
    return last?.kind === 'answered' ? { ...outcome, body: last.body } : (last ?? outcome);
  }

  /** @returns the last answer, or the first refusal; null where there is nothing to take. */
  private async takeAll(
    adjustmentId: AdjustmentId,
    accounts: readonly AccountId[],
    { adjustmentId: correctsId, lots }: Corrected,
    { caller, ids, submit }: Carrying,
  ): Promise<Outcome | null> {
    let last: Outcome | null = null;
    for (const id of accounts) {
      const body = { adjustmentId, correctsId, namedLots: lots.map(({ lotId }) => lotId) };
      const target = { kind: 'account', id } as const;
      const counterparty = { kind: 'adjustment', id: adjustmentId } as const;
      const context = contextOf(caller, ids);
      last = await submit(commandOf({ type: takeElsewhere.type, target, counterparty, body }, context));
      if (last.kind === 'refused') return last;
    }
    return last;
  }
}

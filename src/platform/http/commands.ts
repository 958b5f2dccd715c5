import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdSource } from '../../kernel/ids.js';
import type { Outcome } from '../pipeline/index.js';
import { Pipeline } from '../pipeline/index.js';
import { IDS } from '../tokens.js';
import type { Caller } from './caller.js';
import type { CommandContext, Submission, Submit } from './command-context.js';
import { sendProblem } from './problem.filter.js';

/** The query of a command route, after its checks; only some routes take `explain`. */
export interface CommandQuery {
  readonly dryRun?: boolean | undefined;
  readonly explain?: boolean | undefined;
}

/** What all command routes share: the context of a request, the way into the pipeline, and the answer. */
@Injectable()
export class Commands {
  private readonly submit: Submit;

  constructor(
    pipeline: Pipeline,
    @Inject(IDS) private readonly ids: IdSource,
  ) {
    this.submit = (command) => pipeline.submit(command);
  }

  /** @throws Error on a route without `@Scopes`, which has no caller. */
  contextOf(
    { caller, headers }: FastifyRequest & { readonly caller?: Caller },
    { dryRun = false, explain = false }: CommandQuery,
  ): CommandContext {
    if (!caller) throw new Error('a command route has no @Scopes');
    const key = headers['idempotency-key'];
    const idempotencyKey = Array.isArray(key) ? key.join(', ') : key;
    return { caller, ids: this.ids, idempotencyKey, dryRun, explain, bulk: false };
  }

  carryOut(submission: Submission): Promise<Outcome> {
    return typeof submission === 'function' ? submission(this.submit) : this.submit(submission);
  }

  /** Answers a command: the stored text as it is, so that a replay is the first answer to the byte. */
  answer(reply: FastifyReply, outcome: Outcome, instance: string): void {
    if (outcome.kind === 'refused') {
      sendProblem(reply, outcome.problem, instance);
      return;
    }
    if (outcome.replayed) reply.header('Idempotency-Replayed', 'true');
    void reply.status(outcome.status).type('application/json; charset=utf-8').send(outcome.body);
  }
}

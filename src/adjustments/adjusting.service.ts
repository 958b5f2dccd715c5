import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdSource } from '../kernel/ids.js';
import { commandOf, type CommandRequest } from '../platform/http/command-request.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { Pipeline } from '../platform/pipeline/pipeline.js';
import { IDS } from '../platform/tokens.js';

/** What came with a request beside its body. */
export interface Exchange {
  readonly idempotencyKey: string | undefined;
  readonly dryRun: boolean | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Puts adjustments to the pipeline and sends their answers. */
@Injectable()
export class Adjusting {
  constructor(
    private readonly pipeline: Pipeline,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async answer<B>(
    asked: Pick<CommandRequest<B>, 'type' | 'caller' | 'target' | 'body' | 'natural'>,
    { idempotencyKey, dryRun = false, request, reply }: Exchange,
  ): Promise<void> {
    const command = commandOf({ ...asked, idempotencyKey, dryRun }, this.ids);
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { IdSource } from '../kernel/ids.js';
import type { Caller } from '../platform/http/caller.js';
import { MAX_BODY_BYTES, NDJSON, parseJson } from '../platform/http/body-parser.js';
import { readLines } from '../platform/http/ndjson.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { problemBody, problemOf } from '../platform/http/problem.filter.js';
import { httpProblems } from '../platform/http/problems.js';
import { validated } from '../platform/http/validation.js';
import { Pipeline } from '../platform/pipeline/pipeline.js';
import { IDS } from '../platform/tokens.js';
import { PostPurchaseDto, PurchaseQueryDto } from './purchase.dto.js';
import { PurchaseQuery } from './purchase.query.js';
import { purchaseCommand } from './purchase-request.js';

/** Lines of one request under way at a time: memory stays bounded, and two batches fill a lane. */
const IN_FLIGHT = 256;

/** Answers an NDJSON stream of receipts line by line. */
@Injectable()
export class PurchaseBatch {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly purchases: PurchaseQuery,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** One line of answer for each line of the request, in its order; reading waits while enough are under way. */
  async *answers(request: FastifyRequest, caller: Caller, query: PurchaseQueryDto): AsyncGenerator<string> {
    if (!request.headers['content-type']?.startsWith(NDJSON)) {
      throw new ProblemException(httpProblems.problem('UNSUPPORTED_MEDIA_TYPE', `Send ${NDJSON}.`));
    }
    const waiting: Pending[] = [];
    for await (const line of readLines(request.body as Readable, MAX_BODY_BYTES)) {
      if (line.text.trim() === '' && !line.tooLong) continue;
      await this.pipeline.whenRoom();
      waiting.push(pending(this.answer(line, caller, query, request.url)));
      if (waiting.length >= IN_FLIGHT) yield await nextBlock(waiting);
    }
    while (waiting.length > 0) yield await nextBlock(waiting);
  }

  private async answer(
    line: { readonly text: string; readonly tooLong: boolean },
    caller: Caller,
    { dryRun, explain }: PurchaseQueryDto,
    instance: string,
  ): Promise<string> {
    try {
      if (line.tooLong)
        throw new ProblemException(
          httpProblems.problem('BODY_TOO_LARGE', `A line has at most ${MAX_BODY_BYTES} bytes.`),
        );
      const dto = validated(PostPurchaseDto, parseJson(line.text));
      const decided = await this.pipeline.submit(purchaseCommand(dto, caller, this.ids, { dryRun, explain }));
      const outcome = explain ? await this.purchases.explained(caller.programmeId, decided) : decided;
      if (outcome.kind === 'refused') return refusal(problemBody(outcome.problem, instance));
      return `{"status":${outcome.status},"replayed":${outcome.replayed},"body":${outcome.body}}\n`;
    } catch (error) {
      return refusal(problemBody(problemOf(error), instance));
    }
  }
}

/** An answer on its way; `text` once it is there. */
interface Pending {
  text: string | null;
  readonly done: Promise<string>;
}

function pending(done: Promise<string>): Pending {
  const item: Pending = { text: null, done };
  void done.then((text) => (item.text = text));
  return item;
}

/** The next answer and all behind it that are there already, as one block: a write a line costs more than the line. */
async function nextBlock(waiting: Pending[]): Promise<string> {
  let block = (await waiting.shift()?.done) ?? '';
  while (typeof waiting[0]?.text === 'string') block += waiting.shift()?.text ?? '';
  return block;
}

function refusal(problem: Record<string, unknown>): string {
  return `${JSON.stringify({ status: problem['status'], problem })}\n`;
}

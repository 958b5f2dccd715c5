import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { IdSource } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { BulkTurns } from '../platform/http/bulk-turns.js';
import type { Caller } from '../platform/http/caller.js';
import { contextOf } from '../platform/http/command-context.js';
import { MAX_BODY_BYTES, NDJSON, notUtf8, parseJson } from '../platform/http/body-parser.js';
import { readLines, Silence, SilentStreamError, type Line } from '../platform/http/ndjson.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { problemBody, problemOf, problemPlace, type ProblemPlace } from '../platform/http/problem.filter.js';
import { httpProblems } from '../platform/http/problems.js';
import { validated } from '../platform/http/validation.js';
import { Pipeline, type Command, type Outcome } from '../platform/pipeline/index.js';
import { IDS } from '../platform/tokens.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import { hasMember, PostPurchaseDto, PurchaseQueryDto } from './purchase.dto.js';
import { PurchaseQuery } from './purchase.query.js';
import { purchaseCommand } from './purchase-request.js';
import { UnmatchedReceipts } from './unmatched-receipts.service.js';

/** Lines of one request under way at a time: memory stays bounded, and two batches fill a shard. */
const IN_FLIGHT = 256;
/** Lines in a row that are no receipts (empty, not JSON, not valid) after which a stream is ended. */
export const MAX_BAD_LINES = 1_000;
/** Faults that the answer to one line names; that of a single receipt names more. */
export const MAX_LINE_FAULTS = 5;
/** How long the next receipt of a stream may take, and half of how long its answers may go unread, in milliseconds. */
export const STREAM_SILENCE_MS = 60_000;

/** Answers an NDJSON stream of receipts line by line. */
@Injectable()
export class PurchaseBatch {
  private readonly turns = new BulkTurns();

  constructor(
    private readonly pipeline: Pipeline,
    private readonly purchases: PurchaseQuery,
    private readonly unmatched: UnmatchedReceipts,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * One line of answer for each line of the request, in its order; reading waits while enough are under way. A stream
   * that brings no receipt for a while or nothing but bad lines ends with a last line that says so, and its connection closes.
   */
  async *answers(
    request: FastifyRequest,
    caller: Caller,
    query: PurchaseQueryDto,
    silence = new Silence(STREAM_SILENCE_MS),
  ): AsyncGenerator<string> {
    if (!request.headers['content-type']?.startsWith(NDJSON)) {
      throw new ProblemException(httpProblems.problem('UNSUPPORTED_MEDIA_TYPE', `Send ${NDJSON}.`));
    }
    // A reader that takes no answers stops the whole stream: then no byte moves on the socket at all.
    request.raw.socket.setTimeout(2 * STREAM_SILENCE_MS);
    const place = problemPlace(request);
    const waiting: Pending[] = [];
    let bad = 0;
    try {
      for await (const line of readLines(request.body as Readable, MAX_BODY_BYTES, silence)) {
        await this.turns.next();
        const isEmpty = line.text.trim() === '' && line.fault === null;
        if (!isEmpty) await this.pipeline.whenRoom();
        const read = isEmpty ? null : this.read(line, caller, query);
        bad = read?.submission ? 0 : bad + 1;
        if (read?.submission) silence.end();
        if (read) waiting.push(pending(this.answer(read, caller, query, place)));
        if (waiting.length >= IN_FLIGHT) yield await nextBlock(waiting);
        if (bad >= MAX_BAD_LINES) throw tooManyBadLines();
      }
    } catch (error) {
      while (waiting.length > 0) yield await nextBlock(waiting);
      yield refusal(problemOf(endOf(error)), place);
      return;
    }
    while (waiting.length > 0) yield await nextBlock(waiting);
  }

  private read(line: Line, caller: Caller, { dryRun = false, explain = false }: PurchaseQueryDto): ReadLine {
    try {
      if (line.fault === 'notUtf8') throw notUtf8();
      if (line.fault === 'tooLong')
        throw new ProblemException(
          httpProblems.problem('BODY_TOO_LARGE', `A line has at most ${MAX_BODY_BYTES} bytes.`),
        );
      const dto = validated(PostPurchaseDto, parseJson(line.text));
      const context = contextOf(caller, this.ids, { dryRun, explain, bulk: true });
      const submission = hasMember(dto)
        ? purchaseCommand(dto, context)
        : () => this.unmatched.keep(dto, context);
      return { submission, problem: null };
    } catch (error) {
      return { submission: null, problem: problemOf(error) };
    }
  }

  private async answer(
    { submission, problem }: ReadLine,
    caller: Caller,
    { explain }: PurchaseQueryDto,
    place: ProblemPlace,
  ): Promise<string> {
    if (!submission) return refusal(problem, place);
    try {
      const kept = typeof submission === 'function';
      const decided = await (kept ? submission() : this.pipeline.submit(submission));
      const outcome =
        explain && !kept ? await this.purchases.explained(caller.programmeId, decided) : decided;
      if (outcome.kind === 'refused') return refusal(outcome.problem, place);
      return `{"status":${outcome.status},"replayed":${outcome.replayed},"body":${outcome.body}}\n`;
    } catch (error) {
      return refusal(problemOf(error), place);
    }
  }
}

/** A line as a command, as a receipt to keep, or why it is neither. */
type ReadLine =
  | { readonly submission: Command<PurchaseBody> | (() => Promise<Outcome>); readonly problem: null }
  | { readonly submission: null; readonly problem: Problem };

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

function refusal(problem: Problem, place: ProblemPlace): string {
  const errors = problem.errors?.slice(0, MAX_LINE_FAULTS);
  const body = problemBody(errors ? { ...problem, errors } : problem, place);
  return `${JSON.stringify({ status: problem.status, problem: body })}\n`;
}

function tooManyBadLines(): ProblemException {
  const detail = `${MAX_BAD_LINES} lines in a row are no receipts; the rest of the stream is not read.`;
  return new ProblemException(httpProblems.problem('TOO_MANY_BAD_LINES', detail));
}

function endOf(error: unknown): unknown {
  if (!(error instanceof SilentStreamError)) return error;
  return new ProblemException(httpProblems.problem('REQUEST_TIMEOUT', error.message));
}

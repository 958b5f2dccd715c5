import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { ProblemException } from './problem.exception.js';
import { pathOf } from './problem.filter.js';

const LOGGER = new Logger('Stream');

/**
 * Answers with a stream; status and type are the reply's. Once it has begun its status cannot change, so one that
 * breaks is in the log and the transfer is aborted: the reader sees that it is not whole. One that breaks before its
 * first byte is answered like any other error.
 */
export function sendStream(
  reply: FastifyReply,
  source: AsyncIterable<string>,
  logger: Pick<Logger, 'error'> = LOGGER,
): void {
  const stream = Readable.from(source);
  stream.once('error', (error) => {
    const { headersSent } = reply.raw;
    // A refusal before the first byte is an answer, and no error.
    if (!headersSent && error instanceof ProblemException) return;
    const { id: requestId, method, url } = reply.request;
    logger.error({ message: 'a stream broke off', requestId, method, path: pathOf(url), error });
    if (headersSent) reply.raw.destroy();
  });
  void reply.send(stream);
}

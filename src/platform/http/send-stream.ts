import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';

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
    logger.error(error, `${reply.request.method} ${reply.request.url} broke off`);
    if (reply.raw.headersSent) reply.raw.destroy();
  });
  void reply.send(stream);
}

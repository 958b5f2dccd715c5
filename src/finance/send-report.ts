import type { FastifyReply } from 'fastify';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendStream } from '../platform/http/send-stream.js';
import { httpProblems } from '../platform/http/problems.js';
import type { ReportFormat } from './finance.dto.js';

/** The format to answer in. @throws ProblemException NOT_ACCEPTABLE for one that is not offered yet. */
export function offeredFormat(format: ReportFormat = 'json'): 'json' | 'csv' {
  if (format !== 'xlsx') return format;
  const detail =
    'The format xlsx is not offered yet; ask for format=csv, which opens in a spreadsheet, or json.';
  throw new ProblemException(httpProblems.problem('NOT_ACCEPTABLE', detail));
}

/** Answers with a CSV file; a listing that breaks half-way is aborted. */
export function sendCsv(reply: FastifyReply, name: string, content: string | AsyncIterable<string>): void {
  const file = `${name.replaceAll(/[^\w.-]/g, '-')}.csv`;
  reply.header('Content-Disposition', `attachment; filename="${file}"`);
  void reply.status(200).type('text/csv; charset=utf-8');
  if (typeof content === 'string') void reply.send(content);
  else sendStream(reply, content);
}

import type { FastifyReply } from 'fastify';
import type { Outcome } from '../pipeline/index.js';
import { sendProblem } from './problem.filter.js';

/** Answers a command: the stored text as it is, so that a replay is the first answer to the byte. */
export function sendOutcome(reply: FastifyReply, outcome: Outcome, instance: string): void {
  if (outcome.kind === 'refused') {
    sendProblem(reply, outcome.problem, instance);
    return;
  }
  if (outcome.replayed) reply.header('Idempotency-Replayed', 'true');
  void reply.status(outcome.status).type('application/json; charset=utf-8').send(outcome.body);
}

import type { FastifyInstance } from 'fastify';
import type { Pipeline } from '../pipeline/pipeline.js';
import { sendProblem } from './problem.filter.js';

/** Where tills post commands. A batch is not among them: it slows its sender down instead. */
const COMMANDS = /^\/v1\/(?:purchases|redemptions)(?:[/?]|$)/;

/**
 * Refuses at the door what the pipeline has no room for: under overload whatever is spent on a refusal (reading a
 * body, looking at a key) is taken from somebody's answer.
 */
export function refuseAtTheDoor(fastify: FastifyInstance, pipeline: Pick<Pipeline, 'refusal'>): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = request.method === 'POST' && COMMANDS.test(request.url) ? pipeline.refusal() : null;
    if (refusal === null) done();
    else sendProblem(reply, refusal, request.url);
  });
}

import { applyDecorators, Inject, Query, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers } from './answers.js';
import type { RequestClass } from './body-schemas.js';
import type { CommandContext, Submission } from './command-context.js';
import { CommandQueryDto } from './command-query.dto.js';
import { Commands, type CommandQuery } from './commands.js';

/** Marks the handlers that `@CommandRoute` wraps. */
export const COMMAND_ROUTE = 'laurel:command-route';
const COMMANDS = Symbol('commands');

/** A controller's method that makes a submission of its request; the context is its last argument, undecorated. */
type Handler<A extends unknown[], R> = (...args: [...A, CommandContext]) => R;

/** What `Inject` puts into every controller that has a command route. */
interface WithCommands {
  readonly [COMMANDS]: Commands;
}

/**
 * A route that submits a command. The method returns a `Submission`; this decorator reads the key, the dry run and the
 * caller, submits, and sends the outcome with its status and the replay header. A method cannot leave any of these out:
 * controllers have no other way into the pipeline (lint).
 *
 * It wraps the method instead of adding an interceptor: Nest puts three observables around each request that passes
 * one, and receipts pass here.
 * @param answers names of the answers' schemas by status; 201 implies 200 for replays and dry runs.
 * @param query class of the query, where it is more than `dryRun`.
 */
export function CommandRoute(
  answers: Readonly<Record<number, string>>,
  query: RequestClass = CommandQueryDto,
) {
  return <A extends unknown[], R extends Submission | Promise<Submission>>(
    prototype: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Handler<A, R>>,
  ): void => {
    const handler = descriptor.value as Handler<unknown[], R>;
    // The place of the context: Nest hands over the reply there, and the query behind it.
    const place = handler.length - 1;
    Res()(prototype, key, place);
    Query()(prototype, key, place + 1);
    const types = Reflect.getMetadata('design:paramtypes', prototype, key) as readonly unknown[];
    Reflect.defineMetadata('design:paramtypes', [...types, query], prototype, key);
    Inject(Commands)(prototype, COMMANDS);
    const route = async function (this: WithCommands, ...args: unknown[]): Promise<void> {
      const commands = this[COMMANDS];
      const reply = args[place] as FastifyReply;
      const { request } = reply;
      const asked = args.pop() as CommandQuery;
      args[place] = commands.contextOf(request, asked);
      const submission = await handler.apply(this, args as [...unknown[], CommandContext]);
      commands.answer(reply, await commands.carryOut(submission), request.url);
    };
    Object.defineProperty(route, 'name', { value: key });
    for (const name of Reflect.getMetadataKeys(handler) as string[]) {
      Reflect.defineMetadata(name, Reflect.getMetadata(name, handler), route);
    }
    Reflect.defineMetadata(COMMAND_ROUTE, true, route);
    descriptor.value = route as never;
    const implied = answers[201] && !answers[200] ? { ...answers, 200: answers[201] } : answers;
    applyDecorators(
      ...Object.entries(implied).map(([status, name]) => Answers(Number(status), name)),
      ApiHeader({ name: 'Idempotency-Key', required: false }),
    )(prototype, key, descriptor);
  };
}

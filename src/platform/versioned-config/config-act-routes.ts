import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Answers } from '../http/answers.js';
import { CurrentCaller, type Caller } from '../http/caller.js';
import { ENDPOINT, summary, type adder, type Controller, type Places } from './config-controller.js';
import { ActNoteDto } from './config-requests.dto.js';

type Add = ReturnType<typeof adder>;

/** What the routes of a kind have in common. */
interface Parts {
  /** The place of the id; empty where there is one definition. */
  readonly id: Places;
  readonly reads: MethodDecorator;
  /** With a version. */
  readonly answers: MethodDecorator;
  readonly path: (rest: string) => string;
  readonly address: (id: string | undefined) => { readonly kind: string; readonly key: string };
}

const caller = [CurrentCaller(), Object] as const;
const note = [Body(), ActNoteDto] as const;

/** The route that takes a planned version back. */
export function addWithdrawal(add: Add, { id, answers, path, address }: Parts): void {
  const withdraw = async function (
    this: Controller<unknown, unknown>,
    by: Caller,
    body: ActNoteDto,
    version: string,
    named?: string,
  ) {
    const check = await this.withdrawCheck?.(by);
    return this[ENDPOINT].withdraw(by, address(named), version, body, check);
  };
  const number = [Param('version'), String] as const;
  const withdrawn = [answers, HttpCode(200), summary('Take a planned version back before it takes effect')];
  const taken = Post(path('versions/:version/withdraw'));
  add('withdraw', withdraw, [caller, note, number, ...id], taken, ...withdrawn);
}

/** The routes of what can be stopped at once. */
export function addPauses(add: Add, { id, reads, path, address }: Parts): void {
  type Pausing = Controller<unknown, unknown>;
  const turn = (towards: 'paused' | 'resumed') =>
    function (this: Pausing, by: Caller, body: ActNoteDto, named?: string) {
      return this[ENDPOINT].turn(by, address(named), towards, body);
    };
  const pauses = function (this: Pausing, by: Caller, named?: string) {
    return this[ENDPOINT].pauses(by, address(named));
  };
  const places = [caller, note, ...id] as const;
  const answers = [Answers(200, 'Pause'), HttpCode(200)];
  const stop = summary('Stop all versions at once; receipts of before the pause earn by them as ever');
  add('pause', turn('paused'), places, Post(path('pause')), ...answers, stop);
  add('resume', turn('resumed'), places, Post(path('resume')), ...answers, summary('End the pause'));
  const listed = [Get(path('pauses')), Answers(200, 'Pauses'), reads, summary('When it was paused')];
  add('pauses', pauses, [caller, ...id], ...listed);
}

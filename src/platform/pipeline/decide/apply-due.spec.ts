import { ok, refuse } from '../../../kernel/result.js';
import type { Problem } from '../../../kernel/problem.js';
import { dueRulesOf, mayBeDue, type DueStates } from '../batch/due-rules.js';
import type { Emission } from '../contract/emission.js';
import { PHASES, type AccountSlice, type AnySlice } from '../contract/slice.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import { applyDue } from './apply-due.js';
import type { UnitOfWork } from './unit-of-work.js';

type Phase = (typeof PHASES)[number];
interface Timer {
  readonly name: string;
  readonly phase: Phase;
  /** When it falls due; each event takes the first away. */
  readonly at: number[];
}

const CONFIG = { timeZone: 'Asia/Taipei' } as ConfigSnapshot;

/** A slice whose state is the timers it is given, with a rule for each of their phases. */
function slice(name: string, ...phases: Phase[]): AccountSlice<readonly Timer[]> {
  return { scope: 'account', name, due: rulesFor(phases) } as unknown as AccountSlice<readonly Timer[]>;
}

/** The same of a member. */
function memberSlice(name: string, ...phases: Phase[]): AnySlice {
  return { scope: 'member', name, due: rulesFor(phases) } as unknown as AnySlice;
}

function rulesFor(phases: readonly Phase[]) {
  return phases.map((phase) => ({
    phase,
    nextDue: (timers: readonly Timer[]) => {
      const own = timers.filter((timer) => timer.phase === phase).flatMap(({ at }) => at);
      return own.length === 0 ? null : Math.min(...own);
    },
    eventsDue: (timers: readonly Timer[], instant: number) =>
      timers
        .filter((timer) => timer.phase === phase && timer.at.includes(instant))
        .map((timer) => timer as unknown as Emission),
  }));
}

const of = (...slices: AccountSlice<readonly Timer[]>[]) => slices as unknown as readonly AnySlice[];

/** A work that writes down what is emitted to it, and takes it off the timer. */
function workOf(states: Readonly<Record<string, readonly Timer[]>>, answer = () => ok(undefined)) {
  const events: string[] = [];
  const work = {
    events,
    config: CONFIG,
    states: { account: new Map(Object.entries(states)), member: new Map(Object.entries(states)) },
    account: ({ name }: { readonly name: string }) => states[name],
    member: ({ name }: { readonly name: string }) => states[name],
    emitDue: (emission: unknown) => {
      const timer = emission as Timer;
      events.push(`${timer.name} at ${timer.at.shift()}`);
      return answer();
    },
  };
  return work as typeof work & UnitOfWork;
}

describe('what falls due by itself', () => {
  it('goes phase by phase and then slice by slice, of accounts and members alike', () => {
    const others = [
      { scope: 'member', name: 'standing' },
      { scope: 'account', name: 'plain' },
    ] as unknown as AnySlice[];
    const dueRules = dueRulesOf([
      ...others,
      ...of(slice('one', 'expire', 'lapse'), slice('other', 'lapse', 'activate')),
    ]);
    expect(dueRules.map((owned) => [owned.slice.name, owned.rule.phase])).toEqual([
      ['one', 'lapse'],
      ['other', 'lapse'],
      ['other', 'activate'],
      ['one', 'expire'],
    ]);
  });

  it('is applied instant by instant, and in one instant in the order of the due rules', () => {
    const dueRules = dueRulesOf(of(slice('one', 'expire', 'lapse')));
    const work = workOf({
      one: [
        { name: 'expiry', phase: 'expire', at: [5, 9] },
        { name: 'lapse', phase: 'lapse', at: [9, 10, 11] },
      ],
    });
    expect(applyDue(work, dueRules, 10)).toEqual(ok(undefined));
    expect(work.events).toEqual(['expiry at 5', 'lapse at 9', 'expiry at 9', 'lapse at 10']);
  });

  it('is left alone before its time, and where nothing ever falls due', () => {
    const dueRules = dueRulesOf(of(slice('one', 'expire')));
    const work = workOf({ one: [{ name: 'expiry', phase: 'expire', at: [11] }] });
    expect(applyDue(work, dueRules, 10)).toEqual(ok(undefined));
    expect(applyDue(workOf({ one: [] }), dueRules, 10)).toEqual(ok(undefined));
    expect(work.events).toEqual([]);
  });

  it('stops with the first refusal, which is returned', () => {
    const dueRules = dueRulesOf(of(slice('one', 'expire')));
    const problem: Problem = { code: 'NO', status: 409, title: '', zhHant: '', detail: '' };
    const work = workOf(
      { one: [{ name: 'expiry', phase: 'expire', at: [5, 9] }] },
      () => refuse(problem) as never,
    );
    expect(applyDue(work, dueRules, 10)).toEqual(refuse(problem));
    expect(work.events).toEqual(['expiry at 5']);
  });

  it('and has no events is a bug, however much was emitted before', () => {
    const stuck = slice('one', 'expire');
    const dueRules = dueRulesOf(
      of({ ...stuck, due: stuck.due?.map((rule) => ({ ...rule, eventsDue: () => [] })) ?? [] }),
    );
    const work = workOf({ one: [{ name: 'expiry', phase: 'expire', at: [5] }] });
    work.events.push('something else');
    expect(() => applyDue(work, dueRules, 10)).toThrow('what is due at 5 was not applied');
  });

  it('may be due once its instant has come, in whichever slice', () => {
    const dueRules = dueRulesOf(of(slice('one', 'expire'), slice('other', 'lapse')));
    const none = new Map<string, unknown>();
    const account = new Map<string, unknown>([
      ['one', []],
      ['other', [{ name: 'lapse', phase: 'lapse', at: [10] }]],
    ]);
    const may = (states: DueStates, now: number) => mayBeDue(states, dueRules, CONFIG, now);
    expect([9, 10, 11].map((now) => may({ account, member: none }, now))).toEqual([false, true, true]);
    const idle = new Map([...account, ['other', []]]);
    expect(may({ account: idle, member: account }, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('may be due for the member alone, in one order with what is due on the account', () => {
    const dueRules = dueRulesOf([...of(slice('one', 'expire')), memberSlice('person', 'calendar')]);
    const work = workOf({
      one: [{ name: 'expiry', phase: 'expire', at: [9] }],
      person: [{ name: 'birthday', phase: 'calendar', at: [8, 9, 12] }],
    });
    expect(mayBeDue(work.states, dueRules, CONFIG, 8)).toBe(true);
    expect(applyDue(work, dueRules, 10)).toEqual(ok(undefined));
    expect(work.events).toEqual(['birthday at 8', 'birthday at 9', 'expiry at 9']);
  });

  it('is asked for under the configuration of the programme', () => {
    const asked: unknown[] = [];
    const rule = { phase: 'roll', nextDue: (_state: unknown, config: unknown) => void asked.push(config) };
    const dueRules = dueRulesOf([{ scope: 'member', name: 'person', due: [rule] } as unknown as AnySlice]);
    expect(applyDue(workOf({}), dueRules, 10)).toEqual(ok(undefined));
    expect(asked).toEqual([CONFIG]);
  });
});

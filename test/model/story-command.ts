import fc from 'fast-check';
import type { Family } from './family.js';
import type { ReferenceModel } from './reference-model.js';
import type { Member } from './vocabulary.js';

type Command = fc.AsyncCommand<ReferenceModel, Family>;
export type Model = Readonly<ReferenceModel>;

/** A command of a story: what it picks, whether there is something to pick, and what it does on both sides. */
export function command<T>(
  name: string,
  picks: fc.Arbitrary<T>,
  run: (model: ReferenceModel, family: Family, pick: T) => Promise<void>,
  possible: (model: Model, pick: T) => boolean = () => true,
): fc.Arbitrary<Command> {
  return picks.map((pick) => ({
    check: (model) => possible(model, pick),
    run: async (model, family) => {
      await run(model, family, pick);
      await family.agreesWith(model);
    },
    toString: () => `${name} ${JSON.stringify(pick)}`,
  }));
}

/** Those who are there at first, and those who come for them; the closed stay among them. */
export const who = fc.nat(5);
export const which = fc.nat(20);
export const twice = fc.constantFrom(false, false, false, true);

/** One of those that did not turn out to be another. */
export function member(model: Model, pick: number): Member {
  const present = model.present();
  return present[pick % present.length] as Member;
}

export function one<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)];
}

export function available(model: Model, of: Member): number {
  return model.balance(of.account).available;
}

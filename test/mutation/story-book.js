import { format } from 'node:util';

/**
 * What `describe`, `it`, `beforeEach` and `afterEach` tell while spec files are imported, kept so that each test can
 * be run again and again in one process. Titles, tables and hooks are those of Jest, as far as pure specs use them.
 */
export class StoryBook {
  /** In the order in which they were declared: an id, and a function that runs the test with its hooks. */
  tests = [];
  #groups = [{ title: '', before: [], after: [] }];

  /** The functions that spec files find among the globals. */
  get globals() {
    return {
      describe: withTables((title, body) => this.#group(title, body)),
      it: withTables((title, body) => this.#tell(title, body)),
      beforeEach: (hook) => this.#groups.at(-1).before.push(hook),
      afterEach: (hook) => this.#groups.at(-1).after.unshift(hook),
    };
  }

  #group(title, body) {
    const { title: outer, before, after } = this.#groups.at(-1);
    this.#groups.push({ title: `${outer}${title} `, before: [...before], after: [...after] });
    body();
    this.#groups.pop();
  }

  #tell(title, test) {
    const { title: group, before, after } = this.#groups.at(-1);
    const run = async () => {
      for (const hook of before) await hook();
      await test();
      for (const hook of after) await hook();
    };
    // With a number, for two files may have tests of the same name.
    this.tests.push({ id: `${this.tests.length + 1} ${group}${title}`, run });
  }
}

function withTables(tell) {
  return Object.assign(tell, {
    each: (table) => (title, body) => {
      for (const row of table) {
        const values = Array.isArray(row) ? row : [row];
        tell(format(title, ...values), () => body(...values));
      }
    },
  });
}

import type pg from 'pg';
import { name, type Book, type Entry, type Outcome, type Violations } from './book.js';
import { STOCK, type Operation } from './operations.js';
import { holderOf, type Change } from './command.js';

/** How often a command may be found, by what the client knows of it. */
const ALLOWED: Readonly<Record<Outcome, readonly number[]>> = {
  acknowledged: [1],
  refused: [0],
  unknown: [0, 1],
};

/** How often each command took effect, as the database has it. */
export async function countEffects(client: pg.Client, book: Book): Promise<ReadonlyMap<Entry, number>> {
  const byOperation = new Map<Operation, Entry[]>();
  for (const entry of book.all) {
    const list = byOperation.get(entry.operation);
    if (list) list.push(entry);
    else byOperation.set(entry.operation, [entry]);
  }
  const effects = new Map<Entry, number>();
  for (const [operation, entries] of byOperation) {
    const keys = entries.map(({ command }) => command.key);
    const { rows } = await client.query<{ key: string; times: number }>(operation.effects, [keys]);
    const times = new Map(rows.map((row) => [row.key, row.times]));
    for (const entry of entries) effects.set(entry, times.get(entry.command.key) ?? 0);
  }
  return effects;
}

/** Every acknowledged command is there once, every refused one is not, and none is there twice. */
export function checkEffects(
  effects: ReadonlyMap<Entry, number>,
  violations: Violations,
  when: string,
): void {
  for (const [entry, times] of effects) {
    if (!ALLOWED[entry.outcome].includes(times)) {
      violations.add(`${name(entry)}: ${entry.outcome}, but took effect ${times} times (${when})`);
    }
  }
}

export interface Holding {
  available: number;
  held: number;
}

/** The points that each member should have by the answers that clients got. */
export class Holdings {
  private readonly expected = new Map<string, Holding>();

  add(changes: readonly Change[]): void {
    for (const { holder: named, available = 0, held = 0 } of changes) {
      const holder = holderOf(named);
      const holding = this.expected.get(holder) ?? { available: 0, held: 0 };
      this.expected.set(holder, {
        available: holding.available + available,
        held: holding.held + held,
      });
    }
  }

  /** Adds what the commands that took effect changed. */
  addAll(effects: ReadonlyMap<Entry, number>): void {
    for (const [{ command, body }, times] of effects) {
      if (times === 0 || body === null) continue;
      this.add(command.changes(JSON.parse(body)));
    }
  }

  /** Compares with the accounts: what was answered adds up to what is there. */
  async check(client: pg.Client, violations: Violations): Promise<void> {
    const { rows } = await client.query<{ holder: string; available: string; held: string }>(
      `SELECT o.holder, sum(a.available) AS available, sum(a.held) AS held
       FROM (SELECT split_part(m.external_id, '~', 1) AS holder, m.account_id FROM members m
         UNION SELECT split_part(m.external_id, '~', 1), m.home_account_id FROM members m) o
       JOIN accounts a ON a.account_id = o.account_id GROUP BY o.holder
       UNION ALL SELECT $1, s.remaining, 0 FROM reward_stock s`,
      [STOCK],
    );
    const seen = new Set(rows.map(({ holder }) => holder));
    for (const holder of this.expected.keys()) {
      if (!seen.has(holder)) violations.add(`${holder} is not there`);
    }
    for (const { holder, available, held } of rows) {
      const expected = this.expected.get(holder) ?? { available: 0, held: 0 };
      if (Number(available) === expected.available && Number(held) === expected.held) continue;
      const found = `${available} available and ${held} held`;
      const wanted = `${expected.available} and ${expected.held}`;
      violations.add(`${holder} has ${found}; by the answers it should be ${wanted}`);
    }
  }
}

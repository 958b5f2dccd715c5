import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ApiClient } from '../harness/api-client.js';
import type { Backups } from './backups.js';
import { name, type Book, type Entry, type Violations } from './book.js';
import { checkBackground } from './check-background.js';
import { checkEffects, countEffects } from './check-effects.js';
import { EngineSlot } from './engine-slot.js';
import type { EventReader } from './event-reader.js';
import type { Load } from './load.js';
import { SHORT_HOLD_SECONDS } from './operations.js';
import type { Result } from './replies.js';
import type { Rig } from './rig.js';
import type { Tally } from './tally.js';

const AT_ONCE = 16;
/** How often a command is sent to an engine that runs undisturbed; once should do. */
const TRIES = 3;
/** Longer than a session may go on working for a client that is gone. */
const QUIET_LIMIT_MS = 60_000;
const POLL_MS = 20;

/** What acted in the storm and is looked at after it. */
interface Parts {
  readonly load: Load;
  readonly reader: EventReader;
  readonly backups: Backups;
}

/**
 * When the storm is over: counts what took effect, sends every command again to a fresh process, counts again, and
 * has the books checked. The engines of the storm must have ended.
 */
export async function checkRound(
  rig: Rig,
  { load, reader, backups }: Parts,
  book: Book,
  violations: Violations,
  tally: Tally,
): Promise<void> {
  const client = new pg.Client({ connectionString: rig.postgres.ownerUrl });
  await client.connect();
  const onFailure = (detail: string) => violations.add(detail);
  const fresh = new EngineSlot('fresh engine', {
    databaseUrl: rig.postgres.applicationUrl,
    witnessUrl: rig.postgres.ownerUrl,
    shards: 1,
    onFailure,
  });
  try {
    await quiet(client);
    const before = await countEffects(client, book);
    checkEffects(before, violations, 'after the storm');
    for (const [entry, times] of before) tally.add(entry, times);
    tally.checks.commandsCounted += before.size;

    await fresh.start();
    const sendAgain = new SendAgain(load, book, fresh.url as string, violations);
    tally.checks.commandsSentAgain += await sendAgain.all(before);
    // What was made just now lapses, too.
    await sleep(SHORT_HOLD_SECONDS * 1000);
    await checkBooks(new ApiClient(fresh.url as string, rig.key), violations, tally);
    await reader.finish(fresh.url as string);
    await checkBackground(client, reader.seen, violations, tally);
    await fresh.stop();
    await backups.check(violations, tally);

    const after = await countEffects(client, book);
    checkEffects(after, violations, 'after everything was sent again');
    rig.holdings.addAll(after);
    await rig.holdings.check(client, violations);
    tally.checks.rounds += 1;
  } finally {
    await fresh.kill();
    await client.end();
  }
}

/** Waits until no session of an engine is left: one may still be writing for a process that was killed. */
async function quiet(client: pg.Client): Promise<void> {
  const deadline = performance.now() + QUIET_LIMIT_MS;
  for (;;) {
    const { rows } = await client.query<{ sessions: number }>(
      `SELECT count(*)::int AS sessions FROM pg_stat_activity s WHERE s.application_name = 'laurel'`,
    );
    if (rows[0]?.sessions === 0) return;
    if (performance.now() > deadline) throw new Error('sessions of engines that ended are still working');
    await sleep(POLL_MS);
  }
}

/** Sends commands once more that were acknowledged or got no answer; refused commands were promised nothing. */
class SendAgain {
  constructor(
    private readonly load: Load,
    private readonly book: Book,
    private readonly url: string,
    private readonly violations: Violations,
  ) {}

  /** @returns how many were sent */
  async all(before: ReadonlyMap<Entry, number>): Promise<number> {
    const waiting = [...before].filter(([{ outcome }]) => outcome !== 'refused');
    const count = waiting.length;
    const worker = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await this.one(...next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return count;
  }

  private async one(entry: Entry, times: number): Promise<void> {
    const result = await this.result(entry);
    const expected = times === 1 ? 'replayed' : 'new';
    if (result?.kind === 'answered') {
      const found = result.replayed ? 'replayed' : 'new';
      if (found !== expected)
        this.violations.add(`${name(entry)}: sent again, ${found} instead of ${expected}`);
    } else if (result?.kind !== 'refused' || times === 1) {
      this.violations.add(`${name(entry)}: sent again, got ${JSON.stringify(result)}`);
    }
  }

  private async result({ command }: Entry): Promise<Result | undefined> {
    let result: Result | undefined;
    for (let attempt = 0; attempt < TRIES && (result?.kind ?? 'unknown') === 'unknown'; attempt += 1) {
      [result] = this.load.note(this.book, command, await this.load.sendTo(this.url, command));
    }
    return result;
  }
}

/** Lots against control account, and everything against the movements. */
async function checkBooks(api: ApiClient, violations: Violations, { checks }: Tally): Promise<void> {
  // It settles what is due, which holds that lapsed are.
  const tieOut = await api.get('/v1/finance/tie-out');
  if (tieOut.status !== 200 || tieOut.body.ties !== true) violations.add(`tie-out: ${tieOut.text}`);
  const { status, body, text } = await api.get('/v1/admin/verify');
  if (status !== 200 || body.clean !== true) violations.add(`verify: ${text.slice(0, 4000)}`);
  Object.assign(checks, { accounts: body.accounts, lots: body.lots, movements: body.movements });
}

import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidToId } from '../../src/kernel/ids.js';
import type { Violations } from './book.js';
import type { Tally } from './tally.js';
import { isPoison, WITNESS_LISTENER } from './witness.js';

/** A listener that waits after failures comes to the end within it. */
const CATCH_UP_MS = 180_000;
const POLL_MS = 200;
/**
 * Steps that a run goes on with after another process began the next one. A leader that lost its lock learns so at its
 * next look, within a second (ADR 0020): ten steps, and as many again on a busy machine.
 */
const STEPS_AFTER_LOSS = 20;

const LOG = `SELECT e.event_id::text AS uuid, p.position - p.events + 1 + e.sequence - p.first_sequence AS position
  FROM event_positions p JOIN events e ON e.account_id = p.account_id
    AND e.sequence >= p.first_sequence AND e.sequence < p.first_sequence + p.events
  ORDER BY 2`;

/** Checks what listeners, readers and jobs did; an engine runs meanwhile and brings them to the end. */
export async function checkBackground(
  client: pg.Client,
  seen: readonly string[],
  violations: Violations,
  { checks }: Tally,
): Promise<void> {
  await caughtUp(client, violations);
  const { rows } = await client.query<{ uuid: string; position: string }>(LOG);
  const places = new Map<string, number>(
    rows.map(({ uuid, position }) => [uuidToId('evt', uuid), Number(position)]),
  );
  const gap = [...places.values()].findIndex((position, index) => position !== index + 1);
  if (gap >= 0) violations.add(`the log has a gap or a double at its place ${gap + 1}`);
  if (places.size !== rows.length) violations.add('an event has two places in the log');
  checks.events = places.size;
  seen.forEach((id, index) => {
    if (places.get(id) !== index + 1)
      violations.add(`a reader got ${id} as number ${index + 1}; it is number ${places.get(id)}`);
  });
  checks.eventsRead = seen.length;
  await checkHeard(client, places, violations, checks);
  await checkRuns(client, violations, checks);
}

async function caughtUp(client: pg.Client, violations: Violations): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS;
  for (;;) {
    const { rows } = await client.query<{ behind: string }>(
      `SELECT (SELECT l.position FROM event_log l) - coalesce((SELECT c.position FROM event_cursors c
        WHERE c.consumer = $1), 0) + (SELECT count(*) FROM unpublished_events) AS behind`,
      [WITNESS_LISTENER],
    );
    if (Number(rows[0]?.behind) <= 0) return;
    if (performance.now() > deadline)
      return violations.add(`the listener stays ${rows[0]?.behind} events behind`);
    await sleep(POLL_MS);
  }
}

/** Each event at least once and for the first time in the order of the log, or a dead letter. */
async function checkHeard(
  client: pg.Client,
  places: ReadonlyMap<string, number>,
  violations: Violations,
  checks: Tally['checks'],
): Promise<void> {
  const heard = await client.query<{ event_id: string; times: number }>(
    `SELECT h.event_id, count(*)::int AS times FROM torture.heard h GROUP BY h.event_id ORDER BY min(h.heard_id)`,
  );
  const letters = await client.query<{ position: string }>(
    'SELECT d.position FROM dead_letters d WHERE d.consumer = $1',
    [WITNESS_LISTENER],
  );
  const dead = new Set(letters.rows.map(({ position }) => Number(position)));
  let last = 0;
  for (const { event_id: id } of heard.rows) {
    const position = places.get(id);
    if (position === undefined) violations.add(`the listener got ${id}, which is not in the log`);
    else if (position < last) violations.add(`the listener got event ${position} first after event ${last}`);
    else last = position;
  }
  const known = new Set(heard.rows.map(({ event_id }) => event_id));
  for (const [id, position] of places) {
    if (!known.has(id) && !dead.has(position))
      violations.add(`the listener never got event ${position}, ${id}`);
    if (isPoison(id) && !dead.has(position)) violations.add(`event ${position} failed and is no dead letter`);
  }
  checks.eventsHeard = known.size;
  checks.heardAgain = heard.rows.reduce((sum, { times }) => sum + times - 1, 0);
  checks.deadLetters = dead.size;
}

/** No run goes on for long beside the next one, and runs end well. */
async function checkRuns(client: pg.Client, violations: Violations, checks: Tally['checks']): Promise<void> {
  const { rows } = await client.query<{ runs: number; ended: number; beside: number }>(
    `WITH runs AS (
       SELECT s.run, min(s.step_id) AS first, bool_or(s.is_last) AS ended FROM torture.steps s GROUP BY s.run),
     followed AS (SELECT r.*, lead(r.first) OVER (ORDER BY r.first) AS next FROM runs r)
     SELECT count(*)::int AS runs, count(*) FILTER (WHERE f.ended)::int AS ended,
       coalesce(max((SELECT count(*) FROM torture.steps s WHERE s.run = f.run AND s.step_id > f.next)), 0)::int AS beside
     FROM followed f`,
  );
  const { runs = 0, ended = 0, beside = 0 } = rows[0] ?? {};
  if (ended === 0) violations.add('no run of the job ended well');
  if (beside > STEPS_AFTER_LOSS)
    violations.add(`a run of the job went on for ${beside} steps beside the next one`);
  Object.assign(checks, { jobRuns: runs, jobRunsEnded: ended, stepsBesideNext: beside });
}

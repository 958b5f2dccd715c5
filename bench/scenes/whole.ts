import type { Answer } from '../../test/harness/api-client.js';
import { answered, CommandEngine, done, type Act, type Person } from '../commands/command-engine.js';
import { founds, gets, joins, merges, posts } from '../commands/works.js';
import { medianOf } from '../measure/statistics.js';
import {
  InvalidRun,
  type Finding,
  type Measured,
  type Sample,
  type Scene,
  type SceneOptions,
  type SceneResult,
} from '../scene.js';
import { startServer, type BenchServer } from '../stage/server.js';

const SEED = 18;
const USUAL_LOTS = 100_000;
/** One joins a household, the other is a duplicate. */
const MEMBERS = 2;
const RUN_POLL_MS = 200;
/** Within the grown history. */
const LONG_AGO = new Date(Date.now() - 100 * 86_400_000).toISOString();

/** What goes through all of an account must grow as its lots do, and end. */
export const whole: Scene = {
  name: 'whole',
  purpose:
    'what goes through all of an account, once each, on two accounts of BENCH_WHOLE_LOTS lots (100,000 unless told otherwise)',
  usual: '4 min and 21 GB of free disk',
  byDefault: false,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  const lots = lotsAsked();
  const server = await startServer();
  try {
    const measured = await onDeepest(server, options, lots);
    return {
      measured,
      findings: findings(measured),
      notes: [`two accounts have ${lots.toLocaleString('en')} lots each; once each, without a warm-up`],
      plots: [],
      server: server.settings,
    };
  } finally {
    await server.stop();
  }
}

function lotsAsked(): number {
  const asked = process.env['BENCH_WHOLE_LOTS'] ?? String(USUAL_LOTS);
  const lots = /^\d{1,6}$/.test(asked) ? Number(asked) : NaN;
  if (lots >= 1000 && lots <= USUAL_LOTS) return lots;
  throw new Error(`BENCH_WHOLE_LOTS must be a whole number from 1,000 to ${USUAL_LOTS}, not "${asked}"`);
}

/** What goes through all of an account, once each, where two accounts have very many lots. */
async function onDeepest(server: BenchServer, { log }: SceneOptions, lots: number): Promise<Measured[]> {
  const engine = await CommandEngine.grown(server, { lots, members: MEMBERS, seed: SEED, log });
  const measured: Measured[] = [];
  const once = async (name: string, act: Act): Promise<void> => {
    const sample = await engine.measure([act]);
    log(`${name}: ${sample.seconds.toFixed(2)} s`);
    measured.push({ name, samples: [sample] });
  };
  try {
    const [first, second] = engine.people as [Person, Person];
    await once(
      'balance as of a day in the past',
      gets(engine, `/v1/members/${first.id}/balance?asOf=${LONG_AGO}`),
    );
    await once(
      'adjustment, credit',
      posts(engine, '/v1/adjustments', { member: { id: first.id }, points: 10, reason: 'sorry' }),
    );
    await once('listing of lots as CSV, two accounts', gets(engine, '/v1/finance/lots?format=csv'));
    await once('tie-out, two accounts', gets(engine, '/v1/finance/tie-out'));
    await once('verify, two accounts', { status: 200, carryOut: () => verifyRun(engine) });
    const head = await engine.another();
    const { id: householdId } = await answered(201, founds(engine, head).carryOut());
    await once('household, the member joins', joins(engine, { ...head, householdId }, first));
    await once('merge into a member with one receipt', merges(engine, await engine.another(), second));
    await once('verify, afterwards', { status: 200, carryOut: () => verifyRun(engine) });
    return measured;
  } finally {
    await engine.stop();
  }
}

interface Run {
  readonly state: string;
  readonly clean: boolean | null;
  readonly differences: readonly unknown[];
  readonly error: string | null;
}

/** A run of verify from its start to its end. @throws InvalidRun when it found anything */
async function verifyRun({ api }: CommandEngine): Promise<Answer> {
  const { id } = await answered(202, api.post('/v1/admin/verify-runs'));
  for (;;) {
    const answer = await done(200, api.get(`/v1/admin/verify-runs/${id}`));
    const { state, clean, differences, error } = answer.body as Run;
    if (state !== 'running') {
      if (state === 'finished' && clean === true) return answer;
      throw new InvalidRun(`verify: ${state}, ${error ?? JSON.stringify(differences[0])}`);
    }
    await new Promise((resolve) => setTimeout(resolve, RUN_POLL_MS));
  }
}

const cpu = ({ nodeMicros, postgresMicros }: Sample): number => nodeMicros + postgresMicros;

function findings(rows: readonly Measured[]): Finding[] {
  return rows.flatMap((row) => [
    { name: `${row.name}: CPU`, value: medianOf(row, cpu) / 1000, unit: 'ms' },
    { name: `${row.name}: time`, value: medianOf(row, ({ seconds }) => seconds) * 1000, unit: 'ms' },
  ]);
}

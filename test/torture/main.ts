import { parseArgs } from 'node:util';
import { reportTable, statusLine } from './report.js';
import { torture, type Report } from './torture.js';

const HELP = `Usage: npm run torture -- [--minutes N] [--seed S] [--processes P] [--connections C] [--calm]

Kills engines and their PostgreSQL at random under load and cuts their connections, for N minutes (default 5),
and checks that every acknowledged command is there exactly once, every other one once or not at all, and that the
books are clean. Meanwhile engines stand still (SIGSTOP), a rule is published again and again, a reader follows the
events, a listener and a job note what they do, and backups are made, which are restored and verified. With --calm
nothing is broken, and every command must be answered. The same seed gives the same commands, though not the same timing. It brings a database of its
own and leaves nothing behind.
`;

const STATUS_MS = 30_000;
const ROUND_MS = 60_000;
const DISASTER_EVERY_MS = 1_500;

/** @returns the exit code: 0 good, 1 something was violated or failed, 2 the arguments are not right */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Date.now()) },
      processes: { type: 'string', default: '2' },
      connections: { type: 'string', default: '32' },
      calm: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [minutes, processes, connections] = [values.minutes, values.processes, values.connections].map(
    Number,
  );
  const wrong = [minutes, processes, connections].some((value) => !(value !== undefined && value > 0));
  if (values.help || wrong) {
    process.stderr.write(HELP);
    return values.help ? 0 : 2;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      process.stderr.write(`${signal}: checking what happened so far; nothing will be left behind\n`);
      interrupted.abort();
    });
  }
  process.stderr.write(`seed ${values.seed}\n`);
  const started = performance.now();
  const state: { report?: () => Report } = {};
  const status = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stderr.write(`${seconds} s: ${state.report ? statusLine(state.report()) : 'starting'}\n`);
  }, STATUS_MS);
  try {
    const report = await torture({
      seed: values.seed,
      processes: processes as number,
      connections: connections as number,
      stormMs: (minutes as number) * 60_000,
      roundMs: ROUND_MS,
      calm: values.calm,
      everyMs: DISASTER_EVERY_MS,
      interrupted: interrupted.signal,
      onStart: (report) => (state.report = report),
    });
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n${reportTable(report)}`);
    return report.violationCount === 0 ? 0 : 1;
  } catch (error) {
    // What was done until then says more than the error alone.
    if (state.report) process.stdout.write(reportTable(state.report()));
    process.stderr.write(`The run failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  } finally {
    clearInterval(status);
  }
}

process.exitCode = await main();

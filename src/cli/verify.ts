import { parseArgs } from 'node:util';
import { VerifyService, type VerifyProgress, type VerifyReport } from '../ledger/index.js';
import { parseConfiguration } from '../platform/config/configuration.js';
import { createDataSource } from '../platform/database/data-source.js';
import { locateDatabase } from '../platform/database/database-location.js';

const HELP = `Usage: npm run laurel -- verify [--json]

Re-derives every balance, lot counter, liability and hash of the whole installation from the movements alone
and reports each difference. Runs beside a working engine. Exit code: 0 clean, 2 differences, 1 failed.
`;

interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** `laurel verify`. @returns the exit code. */
export async function verify(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const database = await locateDatabase(parseConfiguration(env, process.cwd()), 'attach');
  try {
    const dataSource = await createDataSource(database.url, { poolSize: 2, asOwner: false }).initialize();
    try {
      const report = await new VerifyService(dataSource).run({ onProgress: showProgress(io) });
      io.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
      return report.clean ? 0 : 2;
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await database.stop();
  }
}

function showProgress({ stderr }: Io): (progress: VerifyProgress) => void {
  return ({ accounts, of }) => {
    if (!stderr.isTTY) return;
    stderr.write(`\r${accounts} of ${of} accounts${accounts >= of ? '\n' : ''}`);
  };
}

function reportText(report: VerifyReport): string {
  const { accounts, lots, movements, differences, differenceCount, clean } = report;
  const counted = `${accounts} accounts, ${lots} lots, ${movements} movements`;
  if (clean) return `Clean: ${counted}; every balance, lot, liability and hash follows from the movements.\n`;
  const rows = differences.map((difference) => `  ${JSON.stringify(difference)}`);
  const more =
    differenceCount > differences.length ? [`  and ${differenceCount - differences.length} more`] : [];
  return `${[`${differenceCount} differences in ${counted}:`, ...rows, ...more].join('\n')}\n`;
}

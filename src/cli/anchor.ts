import { parseArgs } from 'node:util';
import { AnchorMaker, anchorSigning, anchorsJob, AnchorStore } from '../integrity/index.js';
import { LeaderLock } from '../platform/jobs/leader-lock.store.js';
import { systemClock } from '../platform/clock/system-clock.js';
import { parseConfiguration } from '../platform/config/configuration.js';
import { createDataSource } from '../platform/database/data-source.js';
import { locateDatabase } from '../platform/database/database-location.js';

const HELP = `Usage: npm run laurel -- anchor

Makes the anchors that are due now: one for each programme and each day that has been over for ten minutes. A
running engine does it by itself. Prints what it made and the public key. Exit code: 0 done, 2 made without a
signature, 1 failed.
`;

interface Io {
  readonly stdout: NodeJS.WritableStream;
}

/** `laurel anchor`. @returns the exit code. */
export async function anchor(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean' } } });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const configuration = parseConfiguration(env, process.cwd());
  const database = await locateDatabase(configuration, 'attach');
  try {
    const dataSource = await createDataSource(database.url, { poolSize: 2 }).initialize();
    const leaderLock = new LeaderLock(dataSource, anchorsJob.name);
    try {
      if (!(await leaderLock.hold())) throw new Error('Another process is making anchors; try again.');
      const signing = await anchorSigning(configuration.anchorKey, configuration.dataDir);
      const made = await new AnchorMaker(new AnchorStore(dataSource), systemClock, signing).makeDue();
      for (const { programmeId, day, accounts, digest } of made) {
        io.stdout.write(`${programmeId} ${day}: ${accounts} accounts, digest ${digest}\n`);
      }
      if (made.length === 0) io.stdout.write('No day is due.\n');
      if (signing.state === 'unsigned') {
        io.stdout.write(`Not signed: ${signing.reason}\n`);
        return made.length === 0 ? 0 : 2;
      }
      io.stdout.write(`Key ${signing.signer.keyId}\n${signing.signer.publicKey}`);
      return 0;
    } finally {
      await leaderLock.release();
      await dataSource.destroy();
    }
  } finally {
    await database.stop();
  }
}

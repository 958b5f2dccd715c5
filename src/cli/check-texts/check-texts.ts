import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { entities } from '../../app.module.js';
import type { ProgrammeId } from '../../kernel/ids.js';
import { keyForm, keyTextFault, seenOf } from '../../kernel/texts.js';
import { MemberStore } from '../../members/index.js';
import { systemClock } from '../../platform/clock/system-clock.js';
import { parseConfiguration } from '../../platform/config/configuration.js';
import { createDataSource } from '../../platform/database/data-source.js';
import { locateDatabase } from '../../platform/database/database-location.js';
import { UuidV7Source } from '../../platform/ids/uuid-v7-source.js';
import { OddClaimsQuery } from '../../platform/pipeline/index.js';
import { ConfigCache } from '../../platform/versioned-config/config-cache.js';
import { ConfigStore } from '../../platform/versioned-config/config.store.js';
import { programmePolicyInForce, ProgrammeStore } from '../../programmes/index.js';
import { checkMembers } from './check-members.js';
import { Findings } from './findings.js';

const HELP = `Usage: npm run laurel -- check-texts [--write]

Looks for texts of the time before keys had rules (docs/api.md, Texts): identities that two members have, identities
that no request can name, receipts whose numbers differ in invisible characters. With --write identities that collide with
nothing are rewritten in the form in which they are compared, one member after the other, with the event
member.changed; set the policy's phoneRegion first, so that telephone numbers without a country code can be read. What
was posted stays as it is.

Exit code: 0 nothing is left, 2 something is, 1 failed.
`;

interface Io {
  readonly stdout: NodeJS.WritableStream;
}

/** `laurel check-texts`. @returns the exit code. */
export async function checkTexts(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean' }, write: { type: 'boolean' } } });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const database = await locateDatabase(parseConfiguration(env, process.cwd()), 'attach');
  try {
    const dataSource = await createDataSource(database.url, { poolSize: 4, entities }).initialize();
    try {
      const findings = await look(dataSource, values.write === true);
      io.stdout.write(findings.text());
      return findings.isClean ? 0 : 2;
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await database.stop();
  }
}

async function look(dataSource: DataSource, write: boolean): Promise<Findings> {
  const findings = new Findings();
  const ids = new UuidV7Source(systemClock);
  const store = new MemberStore(dataSource, ids);
  const configs = new ConfigCache(new ConfigStore(dataSource));
  const now = systemClock.now();
  for (const { programmeId } of await new ProgrammeStore(dataSource, systemClock, ids).all()) {
    const { phoneRegion } = programmePolicyInForce(await configs.current(programmeId), now);
    const check = { store, programmeId, phoneRegion, writeAt: write ? now : null };
    await checkMembers(check, findings);
    await checkClaims(new OddClaimsQuery(dataSource), programmeId, findings);
  }
  return findings;
}

/** What is seen of a key of before may be another's key. */
async function checkClaims(
  claims: OddClaimsQuery,
  programmeId: ProgrammeId,
  findings: Findings,
): Promise<void> {
  const seen = new Set<string>();
  for await (const claim of claims.all(programmeId)) {
    const parts = claim.key.split('\n');
    if (parts.every((part) => keyForm(part) === part && keyTextFault(part, Infinity) === null)) continue;
    const key = parts.map(seenOf).join('\n');
    const twin = seen.has(`${claim.scope}\n${key}`) || (await claims.isTaken(programmeId, { ...claim, key }));
    seen.add(`${claim.scope}\n${key}`);
    findings.claim(claim, twin);
  }
}

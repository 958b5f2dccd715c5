import { PassThrough } from 'node:stream';
import type { DataSource } from 'typeorm';
import { IdentityForms1764000000230 } from '../../../migrations/1764000000230-identity-forms.js';
import { seedProgramme } from '../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { entities } from '../../app.module.js';
import { idToUuid, type MemberId, type ProgrammeId } from '../../kernel/ids.js';
import { MemberStore } from '../../members/index.js';
import { createDataSource } from '../../platform/database/data-source.js';
import { UuidV7Source } from '../../platform/ids/uuid-v7-source.js';
import { checkTexts } from './check-texts.js';

const ids = new UuidV7Source({ now: () => Date.now() });

describe('texts of before keys had rules', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let programmeId: ProgrammeId;
  let store: MemberStore;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.ownerUrl, { poolSize: 2, entities }).initialize();
    programmeId = await seedProgramme(dataSource, ids);
    store = new MemberStore(dataSource, ids);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function enrol(externalId: string | null, ...identities: [string, string][]): Promise<MemberId> {
    const member = {
      externalId,
      identities: identities.map(([type, value]) => ({ type, value })),
      enrolledAt: 0,
      birthDate: null,
      attributes: {},
    };
    const enrolled = await store.enrol(programmeId, member, { now: Date.parse('2026-11-20'), actor: 'test' });
    if (!enrolled.ok) throw new Error(enrolled.refusal.detail);
    return enrolled.value.memberId;
  }

  async function identitiesOf(id: MemberId) {
    const member = await store.find(programmeId, { kind: 'member', id });
    return member?.identities.map(({ type, value }) => `${type} ${value}`);
  }

  async function run(...args: string[]) {
    const stdout = new PassThrough();
    const code = await checkTexts(args, { DATABASE_URL: database.ownerUrl }, { stdout });
    return { code, out: String(stdout.read() ?? '') };
  }

  it('are brought into form by the migration, but for those that would become one', async () => {
    const anna = await enrol(
      'A',
      ['CARD', '1'],
      ['Email', 'Anna@Example.COM'],
      ['phone', '+886 912-345 678'],
    );
    const ben = await enrol('B', ['card', '2'], ['phone', '0912 345 678']);
    const copy = await enrol('C', ['Card', '2'], ['EMAIL', 'c@example.com']);
    await new IdentityForms1764000000230().up(dataSource.createQueryRunner());
    expect(await identitiesOf(anna)).toEqual(['card 1', 'email anna@example.com', 'phone +886912345678']);
    expect(await identitiesOf(ben)).toEqual(['card 2', 'phone 0912 345 678']);
    expect(await identitiesOf(copy)).toEqual(['Card 2', 'email c@example.com']);
  });

  it('are listed, and rewritten where they collide with nothing', async () => {
    await dataSource.query(
      `INSERT INTO config_versions (programme_id, kind, key, version, status, effective_at, body, created_at, created_by,
         published_at, published_by)
       VALUES ($1, 'programme-policy', 'main', 1, 'published', '2020-01-01',
         '{"pointName": "points", "expiry": {"type": "never"}, "pointsOffBasket": null, "phoneRegion": "TW"}',
         now(), 'test', now(), 'test')`,
      [idToUuid(programmeId)],
    );
    const anna = await enrol('A', ['phone', '0912 345 678']);
    const ben = await enrol('B', ['card', '2']);
    const copy = await enrol('C', ['CARD', '2']);
    const odd = await enrol('D ', ['phone', 'by mail']);
    const first = await run();
    expect(first.code).toBe(2);
    expect(first.out.split('\n')).toEqual([
      `${anna} has identities in another form.`,
      `${copy} has CARD "2", which is the same as one of ${ben}.`,
      `${odd} has externalId "D ". It begins or ends with white space.`,
      expect.stringContaining(`${odd} has phone "by mail". by mail is no telephone number of TW.`),
      '1 collisions, 2 that are no identity, 1 members to rewrite (0 rewritten), 0 numbers of before.',
      '',
    ]);
    expect(await identitiesOf(anna)).toEqual(['phone 0912 345 678']);

    const written = await run('--write');
    expect(written.code).toBe(2);
    expect(written.out).toContain(`${anna} has identities in another form; they were rewritten.`);
    expect(await identitiesOf(anna)).toEqual(['phone +886912345678']);
    expect(await identitiesOf(copy)).toEqual(['CARD 2']);
    const events = await dataSource.query(`SELECT type FROM events WHERE type = 'member.changed'`);
    expect(events).toHaveLength(1);
    expect((await run()).out).toContain('1 collisions, 2 that are no identity, 0 members to rewrite');
  });

  it('are listed where a receipt looks like another', async () => {
    const claim = (key: string) =>
      dataSource.query(
        `INSERT INTO claims (programme_id, scope, key, fingerprint, target_fingerprint, command_id, account_id, status,
           recorded_at) VALUES ($1, 'receipt', $2, '', '', $2, $1, 201, now())`,
        [idToUuid(programmeId), key],
      );
    for (const number of ['R-1', 'R-1 ', 'R-2\u200b', '台北', 'R\u00a0-3']) await claim(`store-1\n${number}`);
    const { code, out } = await run();
    expect(code).toBe(2);
    const rest = 'has a number that no request can say any more';
    expect(out.split('\n').slice(0, -2)).toEqual([
      `The receipt "store-1" "R-1 " ${rest} and stands beside another that looks the same.`,
      `The receipt "store-1" "R-2\u200b" ${rest}.`,
      `The receipt "store-1" "R\u00a0-3" ${rest}.`,
    ]);
  });

  it('are none in a new programme', async () => {
    await enrol('A', ['card', '1']);
    expect(await run()).toMatchObject({ code: 0 });
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--write') });
  });
});

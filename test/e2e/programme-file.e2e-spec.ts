import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { applyProgramme } from '../../src/cli/programme/apply.js';
import { exportProgramme } from '../../src/cli/programme/export.js';
import { planProgramme } from '../../src/cli/programme/plan.js';
import { seedDemo } from '../../src/demo/demo.js';
import type { Scope } from '../../src/platform/http/caller.js';
import { ApiKeyStore } from '../../src/keys/index.js';
import type { ProgrammeId } from '../../src/kernel/ids.js';
import { ApiClient } from '../harness/api-client.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

const SINCE = '2020-01-01T00:00:00Z';

describe("a programme's file", () => {
  let from: TestEngine;
  let to: TestEngine;
  let folder: string;
  let path: string;
  let demoKey: string;

  beforeAll(async () => {
    [from, to] = await Promise.all([startTestEngine(), startTestEngine()]);
    folder = await mkdtemp(join(tmpdir(), 'laurel-file-'));
    path = join(folder, 'shop.yaml');
    demoKey = await keyOf(from, await seedDemo(from.engine.app), 'admin', 'limits');
    const demo = new ProgrammeBuilder(new ApiClient(from.url, demoKey));
    await demo.rule('web', {
      condition: 'receipt.channel == "web"',
      limits: [{ period: 'day', points: 50 }],
      pending: { type: 'days', days: 7 },
      endsAt: '2090-01-01T00:00:00+08:00',
    });
    // What is given for it needs another key, so that one line of keys may publish it.
    await demo.adjustmentReason('sorry', {
      approvalAbove: 0,
      expiry: { type: 'endOf', unit: 'year', after: { months: 1 } },
    });
  });
  afterAll(async () => {
    await Promise.all([from.close(), to.close(), rm(folder, { recursive: true })]);
  });

  /** Runs a command of the file against an engine. */
  async function run(
    command: typeof applyProgramme,
    engine: TestEngine,
    key: string,
    ...args: string[]
  ): Promise<{ code: number; out: string; err: string }> {
    const written = { out: '', err: '' };
    const sink = (into: 'out' | 'err') =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          written[into] += chunk.toString();
          done();
        },
      });
    const io = { stdout: sink('out'), stderr: sink('err') };
    const code = await command([...args, '--url', engine.url, '--key', key], {}, io);
    return { code, ...written };
  }

  it('comes to an empty programme as it left, and a second time changes nothing', async () => {
    const { code: exported } = await run(exportProgramme, from, demoKey, path);
    expect(exported).toBe(0);
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^format: laurel-programme\/1\ncurrency: TWD\ntimeZone: Asia\/Taipei\ntierSets:\n/);
    expect(text).not.toMatch(/\b[a-z]{3}_[0-9A-Za-z]{20,}/);

    const key = await keyOf(to, to.programmeId as ProgrammeId, 'admin', 'limits');
    const since = ['--at', SINCE, '--retroactive'];
    const planned = await run(planProgramme, to, key, path, '--at', SINCE);
    expect(planned).toMatchObject({ code: 2, err: '' });
    expect(planned.out).toContain('tierSets main: create  (');
    const [, all] =
      /From 2020-01-01T00:00:00.000Z on: (\d+) to create, 0 to change, 0 as they are\./.exec(planned.out) ??
      [];
    expect(Number(all)).toBeGreaterThanOrEqual(10);

    const applied = await run(applyProgramme, to, key, path, ...since);
    expect(applied).toMatchObject({ code: 0, err: '' });
    const second = await run(applyProgramme, to, key, path, ...since);
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(second.out).toContain(`0 to create, 0 to change, ${all} as they are.\nPublished: nothing.\n`);
    const again = await run(exportProgramme, to, key);
    expect(again.out).toBe(text);
    expect((await to.api.get('/v1/earning-rules/base')).body.data).toHaveLength(1);
    const asJson = JSON.parse((await run(exportProgramme, to, key, '--json')).out) as object;
    expect((await to.api.get('/v1/programmes/current/export')).body).toEqual(asJson);
  });

  it('says field by field what would change, and takes it from an instant on', async () => {
    const changed = (await readFile(path, 'utf8')).replace('points: 45', 'points: 50');
    const other = join(folder, 'dearer.yaml');
    await writeFile(other, changed.replace(/\n {2}ntd-100:\n( {4}.*\n)+/, '\n'));
    const planned = await run(planProgramme, to, to.api.key as string, other, '--at', '2090-01-01T00:00:00Z');
    expect(planned.code).toBe(2);
    const line = changed.split('\n').findIndex((text) => text === '  coffee:') + 1;
    expect(planned.out.replace(/\d+ as they are/, 'the rest as they are')).toBe(
      `rewards coffee: change  (${other}:${line}:3)\n  /points changes from 45 to 50.\n` +
        'rewards ntd-100: is not in the file and stays\n' +
        'From 2090-01-01T00:00:00.000Z on: 0 to create, 1 to change, the rest as they are.\n',
    );
    const applied = await run(
      applyProgramme,
      to,
      to.api.key as string,
      other,
      '--at',
      '2090-01-01T00:00:00Z',
    );
    expect(applied).toMatchObject({ code: 0, err: '' });
    const now = await run(planProgramme, to, to.api.key as string, path);
    expect(now).toMatchObject({ code: 0 });
    const before = await to.api.get('/v1/programmes/current/export?at=2026-01-01T00:00:00Z');
    const after = await to.api.get('/v1/programmes/current/export?at=2090-01-02T00:00:00Z');
    expect([before, after].map(({ body }) => body.rewards.coffee.points)).toEqual([45, 50]);
  });

  it('that is wrong is refused whole, each fault with its line', async () => {
    const text = (await readFile(path, 'utf8'))
      .replace('points: 45', 'points: 0')
      .replace('    measure: spend', '    measure: spend\n    colour: red')
      .replace('currency: TWD', 'currency: JPY');
    const wrong = join(folder, 'wrong.yaml');
    await writeFile(wrong, `${text}coupons: {}\n`);
    const { code, err } = await run(applyProgramme, to, to.api.key as string, wrong);
    expect(code).toBe(1);
    const place = (needle: string) => text.split('\n').findIndex((line) => line.trim() === needle) + 1;
    const lines = err.split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^.*wrong\.yaml:\d+:1 \/coupons: There is no section coupons\.$/);
    expect(lines[1]).toBe(
      `${wrong}:2:1 /currency: The programme has TWD, which is fixed; the file has "JPY".`,
    );
    expect(lines[2]).toBe(
      `${wrong}:${place('colour: red')}:5 /tierSets/main/colour: There is no field colour here.`,
    );
    expect(lines[3]).toBe(
      `${wrong}:${place('points: 0')}:5 /rewards/coffee/points: points must be a whole number from 1 to 1000000000.`,
    );
  });

  it('begins nothing where something would be refused in the end', async () => {
    const text = (await readFile(path, 'utf8'))
      .replace('gold: "1.5"', 'ruby: "1.5"')
      .replace('points: 45', 'points: 46');
    const wrong = join(folder, 'ruby.yaml');
    await writeFile(wrong, text);
    const { code, out, err } = await run(applyProgramme, to, to.api.key as string, wrong);
    expect(code).toBe(1);
    expect(out).toContain('Refused, TIER_UNKNOWN: No ladder in force from then on has the tier ruby.');
    expect(err).toContain('earningRules base: TIER_UNKNOWN');
    expect(err).toContain('Nothing was published.');
    expect((await to.api.get('/v1/rewards/coffee')).body.data).toHaveLength(2);
  });

  it('leaves drafts of others alone unless the command says so', async () => {
    const changed = join(folder, 'tea.yaml');
    await writeFile(changed, (await readFile(path, 'utf8')).replace('points: 45', 'points: 47'));
    await to.api.put('/v1/rewards/coffee/draft', { name: 'Tea', points: 9 });
    const kept = await run(applyProgramme, to, to.api.key as string, changed);
    expect(kept.code).toBe(1);
    expect(kept.err).toContain('--replace-drafts');
    const replaced = await run(applyProgramme, to, to.api.key as string, changed, '--replace-drafts');
    expect(replaced).toMatchObject({ code: 0, err: '' });
  });

  it('saves what takes a second line of keys, and goes on with a key of that line', async () => {
    const wider = join(folder, 'wider.yaml');
    await writeFile(wider, (await readFile(path, 'utf8')).replace('approvalAbove: 0', 'approvalAbove: 100'));
    const first = await run(applyProgramme, to, to.api.key as string, wider);
    expect(first.code).toBe(3);
    expect(first.out).toContain(
      'Saved as drafts: adjustmentReasons sorry. They wait for a key of another line',
    );
    const second = await run(applyProgramme, to, to.api.second?.key as string, wider);
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(second.out).toContain('Published: adjustmentReasons sorry.');
  });
});

async function keyOf(engine: TestEngine, programmeId: ProgrammeId, ...scopes: Scope[]): Promise<string> {
  const keys = engine.engine.app.get(ApiKeyStore);
  return (await keys.create({ programmeId, name: 'file', scopes }, 'test')).key;
}

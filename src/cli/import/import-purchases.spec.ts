import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { importPurchases } from './import-purchases.js';

const KEY = 'lrl_test';
const SETTINGS = {
  patience: { attempts: 4, firstPauseMs: 5, longestPauseMs: 20 },
  chunkBaskets: 20,
  chunkCharacters: 1e9,
};

/** The little of Laurel that an import meets: members, receipts that are counted once, and bad days. */
class FakeLaurel {
  readonly members = new Map<string, string>();
  readonly receipts = new Map<string, string>();
  /** Receipts in the order in which they arrived first. */
  readonly order: { member: string; occurredAt: string }[] = [];
  requests = 0;
  dryRuns = 0;
  /** Called before each line of a batch is answered; what it returns is answered instead. */
  onLine: (line: string, response: ServerResponse) => object | null = () => null;
  currency = 'USD';
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== `Bearer ${KEY}`)
      return send(response, 401, { code: 'UNAUTHENTICATED' });
    if (request.url === '/v1/programmes') {
      return send(response, 200, {
        data: [{ name: 'Shop', currency: this.currency, timeZone: 'America/New_York' }],
      });
    }
    if (request.url === '/v1/members') return this.enrol(request, response);
    this.requests += 1;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for await (const line of createInterface({ input: request })) {
      const answer =
        this.onLine(line, response) ?? this.post(line, request.url?.includes('dryRun=true') ?? false);
      if (response.destroyed) return;
      response.write(`${JSON.stringify(answer)}\n`);
    }
    response.end();
  }

  private async enrol(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { externalId, enrolledAt } = JSON.parse(text);
    if (externalId === 'refused')
      return send(response, 422, { code: 'VALIDATION_FAILED', detail: 'No such people.' });
    if (this.members.has(externalId)) return send(response, 409, { code: 'MEMBER_ALREADY_EXISTS' });
    this.members.set(externalId, enrolledAt);
    send(response, 201, { id: `mbr_${externalId}` });
  }

  private post(line: string, dryRun: boolean): object {
    const { source, receiptNo, member, occurredAt, lines } = JSON.parse(line) as {
      [field in 'source' | 'receiptNo' | 'occurredAt']: string;
    } & { member: { externalId: string }; lines: { amountMinor: number }[] };
    const key = `${source} ${receiptNo}`;
    const problem = (code: string) => ({
      status: 422,
      problem: { code, detail: `${code} of ${receiptNo}.` },
    });
    if (!this.members.has(member.externalId)) return problem('MEMBER_NOT_FOUND');
    const before = this.receipts.get(key);
    if (before !== undefined && before !== line) return problem('RECEIPT_CONFLICT');
    if (dryRun) this.dryRuns += 1;
    else if (before === undefined) {
      this.receipts.set(key, line);
      this.order.push({ member: member.externalId, occurredAt });
    }
    const points = Math.floor(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) / 100);
    return {
      status: before === undefined ? 201 : 200,
      replayed: before !== undefined,
      body: { pointsGranted: points },
    };
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const MAPPING = {
  currency: 'USD',
  timeZone: 'America/New_York',
  source: 'store',
  receiptNo: 'receipt',
  member: 'who',
  occurredAt: 'when',
  sku: 'item',
  amount: 'paid',
};
const HEADER = 'store,receipt,who,when,item,paid';

/** 100 receipts of 7 members and 3 lines each, the rows of all of them scattered. */
function rows(): string[] {
  const all = Array.from({ length: 300 }, (_, index) => {
    const receipt = index % 100;
    const minute = ((receipt * 37) % 100).toString().padStart(2, '0');
    const when = `2017-01-${(1 + Math.floor(Number(minute) / 4)).toString().padStart(2, '0')}T10:${(Number(minute) % 60).toString().padStart(2, '0')}:00`;
    return `s${receipt % 3},R${receipt},m${receipt % 7},${when},item ${Math.floor(index / 100)},1.50`;
  });
  return all.map((_, index) => all[(index * 101) % 300] as string);
}

describe('laurel import purchases', () => {
  let folder: string;
  let laurel: FakeLaurel;
  let url: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-import-spec-'));
    laurel = new FakeLaurel();
    url = await laurel.start();
    await write(rows());
    await writeFile(join(folder, 'mapping.json'), JSON.stringify(MAPPING));
  });
  afterEach(async () => {
    await laurel.stop();
    await rm(folder, { recursive: true });
  });

  const write = (lines: readonly string[]) =>
    writeFile(join(folder, 'sales.csv'), [HEADER, ...lines, ''].join('\n'));

  async function run(...more: string[]) {
    const stdout = new PassThrough({ encoding: 'utf8' });
    const stderr = new PassThrough({ encoding: 'utf8' });
    const args = [join(folder, 'sales.csv'), '--mapping', join(folder, 'mapping.json'), ...more];
    const code = await importPurchases(
      args,
      { LAUREL_URL: url, LAUREL_KEY: KEY },
      { stdout, stderr },
      SETTINGS,
    );
    return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  }

  const rejects = () => readFile(join(folder, 'sales.csv.rejected.csv'), 'utf8');

  it('posts every receipt once, members first, each member in order of time', async () => {
    const { code, out } = await run('--enrol');
    expect(code).toBe(0);
    expect(out).toMatch(/Rows read +300\n/);
    expect(out).toMatch(/Baskets posted +100 \(100 new, 0 there already\)\n/);
    expect(out).toMatch(/Amount +USD 450\.00\n/);
    expect(out).toMatch(/Points granted +400\n/);
    expect(out).toMatch(/Members enrolled +7\n/);
    expect(out).toMatch(/Rejected rows +0\n/);
    // Five chunks, and once more the receipts of those who were enrolled.
    expect(laurel.requests).toBe(6);
    const instants = laurel.order.map(({ occurredAt }) => occurredAt);
    expect(instants).toEqual([...instants].sort());
    for (const [member, enrolledAt] of laurel.members) {
      expect(enrolledAt).toBe(laurel.order.find((receipt) => receipt.member === member)?.occurredAt);
    }
    expect(await readdir(folder)).toEqual(['mapping.json', 'sales.csv']);
  });

  it('doubles nothing when it is run again, even when the rows come in another order', async () => {
    await run('--enrol');
    const before = [...laurel.receipts];
    await write(rows().reverse());
    const { code, out } = await run('--enrol');
    expect(code).toBe(0);
    expect(out).toMatch(/100 \(0 new, 100 there already\)/);
    expect(out).toMatch(/Points granted +0 \(and 400 before\)/);
    expect(out).toMatch(/Members enrolled +0/);
    expect([...laurel.receipts]).toEqual(before);
  });

  it('stops after the chunk under way, and goes on from there', async () => {
    let lines = 0;
    laurel.onLine = () => {
      lines += 1;
      // The first chunk came twice, its members being strangers at first.
      if (lines === 50) process.emit('SIGINT');
      return null;
    };
    const stopped = await run('--enrol');
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('Run the same command again to go on');
    expect(stopped.out).toMatch(/40 \(40 new, 0 there already\)/);
    expect(laurel.receipts.size).toBe(40);
    const again = await run('--enrol');
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/100 \(60 new, 40 there already\)/);
    expect(laurel.receipts.size).toBe(100);
  });

  it('sends again what a lost connection or a busy server left open', async () => {
    let lines = 0;
    laurel.onLine = (_line, response) => {
      lines += 1;
      if (lines === 25) response.destroy();
      return lines > 60 && lines < 65 ? { status: 503, problem: { code: 'OVERLOADED' } } : null;
    };
    const { code, out } = await run('--enrol');
    expect(code).toBe(0);
    expect(out).toMatch(/Baskets posted +100 /);
    expect(laurel.receipts.size).toBe(100);
  });

  it('gives up on a server that stays busy, and says what to do', async () => {
    laurel.onLine = () => ({ status: 503, problem: { code: 'OVERLOADED' } });
    const { code, err } = await run('--enrol');
    expect(code).toBe(1);
    expect(err).toMatch(/given up after 4 attempts: .*busy/);
    expect(err).toContain('Run the same command again');
  });

  it('lists every row of a rejected receipt with its reason', async () => {
    laurel.members.set('m1', 'long ago').set('m2', 'long ago');
    await write([
      's1,R1,m1,2017-01-01T10:00:00,A,1.00',
      's1,R2,m1,2017-01-02T10:00:00,A,-1.00',
      's1,R2,m1,2017-01-02T10:00:00,"B, large",1.00',
      's1,,m1,2017-01-02T10:00:00,A,1.00',
      's1,R3,stranger,2017-01-02T10:00:00,A,1.00',
    ]);
    const { code, out } = await run();
    expect(code).toBe(2);
    expect(out).toMatch(/Rejected rows +4 \(2 baskets\), see .*sales\.csv\.rejected\.csv/);
    expect((await rejects()).split('\n')).toEqual([
      `rejected_row,rejected_code,rejected_reason,${HEADER}`,
      '5,RECEIPT_NO_BLANK,The receipt number is blank.,s1,,m1,2017-01-02T10:00:00,A,1.00',
      '3,AMOUNT_NEGATIVE,"The amount ""-1.00"" is negative; returns are not imported as purchases.",s1,R2,m1,2017-01-02T10:00:00,A,-1.00',
      '4,RECEIPT_REJECTED,Row 3 of the same receipt R2 was rejected: AMOUNT_NEGATIVE.,s1,R2,m1,2017-01-02T10:00:00,"B, large",1.00',
      '6,MEMBER_NOT_FOUND,MEMBER_NOT_FOUND of R3.,s1,R3,stranger,2017-01-02T10:00:00,A,1.00',
      '',
    ]);
    await write(['s1,R1,m1,2017-01-01T10:00:00,A,2.00', 's1,R4,refused,2017-01-02T10:00:00,A,1.00']);
    expect((await run('--enrol')).code).toBe(2);
    expect(await rejects()).toMatch(/2,RECEIPT_CONFLICT,.*\n/);
    expect(await rejects()).toMatch(/3,VALIDATION_FAILED,The member could not be enrolled: .*No such people/);
    await write(['s1,R1,m1,2017-01-01T10:00:00,A,1.00']);
    expect((await run()).code).toBe(0);
    await expect(rejects()).rejects.toThrow(/ENOENT/);
  });

  it('reads what it rejected with the same mapping, and nothing that an editor saved as UTF-8', async () => {
    const mapping = { ...MAPPING, csv: { encoding: 'windows-1252' } };
    await writeFile(join(folder, 'mapping.json'), JSON.stringify(mapping));
    const bad = `${HEADER}\ns1,R1,Müller-7,2017-01-01T10:00:00,A,free\n`;
    await writeFile(join(folder, 'sales.csv'), Buffer.from(bad, 'latin1'));
    expect((await run('--enrol')).code).toBe(2);
    const path = join(folder, 'sales.csv.rejected.csv');
    const repaired = (await readFile(path, 'latin1')).replace(',free\n', ',1.00\n');
    const file = join(folder, 'sales.csv');
    await writeFile(file, repaired, 'utf8');
    const refused = await run('--enrol');
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/is UTF-8 throughout, but the mapping reads it as windows-1252/);
    expect(laurel.members.size).toBe(0);
    await writeFile(file, repaired, 'latin1');
    expect((await run('--enrol')).code).toBe(0);
    expect([...laurel.members.keys()]).toEqual(['Müller-7']);
  });

  it('takes the first receipts in time with --limit', async () => {
    expect((await run('--enrol', '--limit', '30')).out).toMatch(/Baskets posted +30 /);
    const first = [...laurel.order];
    await run('--enrol');
    expect(laurel.order.slice(0, 30)).toEqual(first);
    expect(laurel.order).toHaveLength(100);
  });

  it('enrols nobody for a receipt that is refused, and each as of the first that went in', async () => {
    laurel.onLine = (line) => {
      const { lines } = JSON.parse(line) as { lines: readonly { sku: string }[] };
      const isBad = lines.some(({ sku }) => sku === 'bad');
      return isBad ? { status: 422, problem: { code: 'COUPONS_EXCEED_GOODS', detail: 'No.' } } : null;
    };
    await write([
      's1,R1,m1,2017-01-01T10:00:00,bad,1.00',
      's1,R2,m1,2017-01-02T10:00:00,good,1.00',
      's1,R3,m2,2017-01-03T10:00:00,bad,1.00',
    ]);
    const dry = await run('--enrol', '--dry-run');
    expect(dry.out).toMatch(/Baskets that would go in +1 /);
    expect(laurel.members.size).toBe(0);
    const { code, out } = await run('--enrol');
    expect(code).toBe(2);
    expect(out).toMatch(/Members enrolled +1/);
    expect([...laurel.members]).toEqual([['m1', '2017-01-02T15:00:00.000Z']]);
  });

  it('writes nothing in a dry run, and needs no server for one without a key', async () => {
    for (let member = 0; member < 7; member += 1) laurel.members.set(`m${member}`, 'long ago');
    expect((await run('--dry-run')).out).toMatch(/Baskets that would go in +100 /);
    expect(laurel.dryRuns).toBe(100);
    expect(laurel.receipts.size).toBe(0);
    const { code, out } = await run('--dry-run', '--key', '');
    expect(code).toBe(0);
    expect(out).toMatch(/Baskets fit to be posted +100\n/);
    expect(laurel.dryRuns).toBe(100);
  });

  it('shows progress on stderr, and none when quiet', async () => {
    expect((await run('--enrol')).err).toMatch(
      /1\/3 reading .*\n2\/3 grouping .*\n3\/3 posting {2}100 % {2}100 baskets/,
    );
    expect((await run('--quiet')).err).toBe('');
  });

  it('fails before it posts anything when something is not right', async () => {
    expect((await run('--key', 'lrl_other')).err).toMatch(/refused the key: 401/);
    expect((await run('--url', 'http://127.0.0.1:9')).err).toMatch(
      /no server answers at http:\/\/127\.0\.0\.1:9\//,
    );
    laurel.currency = 'TWD';
    expect((await run()).err).toMatch(/currency: is USD, but the programme Shop keeps TWD/);
    laurel.currency = 'USD';
    await writeFile(join(folder, 'sales.csv'), `${HEADER},item\n`);
    expect((await run()).err).toMatch(/has the column "item" twice/);
    await writeFile(join(folder, 'sales.csv'), 'a,b\n');
    const wrong = await run();
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/source\.column: the file has no column "store"; it has "a", "b"\n/);
    expect((await run('--mapping', join(folder, 'none.json'))).err).toMatch(/none\.json cannot be read/);
    expect(laurel.requests).toBe(0);
    expect((await run('--help')).out).toContain('Exit codes');
    expect((await run('--nonsense')).code).toBe(1);
  });
});

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/**
 * What one would write first: pg, one transaction a request, the same rows as the engine's write path. It has
 * no rules, no tiers, no validation and no keys, all of which favours it.
 */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 20 });
const PROGRAMME = process.env['BENCH_PROGRAMME'] as string;

interface Receipt {
  readonly source: string;
  readonly receiptNo: string;
  readonly member: { readonly externalId: string };
  readonly occurredAt: string;
  readonly currency: string;
  readonly lines: readonly { readonly amountMinor: number; readonly taxMinor: number }[];
}

/** One receipt, one transaction. @returns the answer. */
async function record(receipt: Receipt): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const answer = await write(client, receipt);
    await client.query('COMMIT');
    return answer;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function write(client: pg.PoolClient, receipt: Receipt): Promise<string> {
  const found = await client.query<{ account_id: string; member_id: string }>(
    `SELECT i.account_id, i.member_id FROM member_identities i
     WHERE i.programme_id = $1 AND i.type = 'externalId' AND i.value = $2`,
    [PROGRAMME, receipt.member.externalId],
  );
  const { account_id: account, member_id: member } = found.rows[0] as {
    account_id: string;
    member_id: string;
  };
  const locked = await client.query<Record<string, string>>(
    'SELECT * FROM accounts WHERE account_id = $1 FOR UPDATE',
    [account],
  );
  const before = locked.rows[0] as Record<string, string>;
  const amount = receipt.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const tax = receipt.lines.reduce((sum, { taxMinor }) => sum + taxMinor, 0);
  const points = Math.floor(amount / 1000);
  const [purchase, lot] = [uuid(), uuid()];
  const now = new Date();
  const at = receipt.occurredAt;
  const day = at.slice(0, 10);
  const answer = JSON.stringify({
    id: purchase,
    points,
    before,
    lines: receipt.lines,
    rest: 'x'.repeat(500),
  });
  const claim = `${receipt.source}\n${receipt.receiptNo}`;
  await client.query(`INSERT INTO claims VALUES ($1, 'receipt', $2, $3, $3, $4, $5, 201, $6, $7)`, [
    ...[PROGRAMME, claim, randomBytes(32), purchase, account, answer, now],
  ]);
  await client.query(
    `INSERT INTO purchases VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, $11, $12, '[]', '[]', '{}', '[]')`,
    [
      ...[purchase, account, member, receipt.source, receipt.receiptNo, at, now, day, receipt.currency],
      ...[amount, tax, JSON.stringify(receipt.lines)],
    ],
  );
  await client.query(
    `INSERT INTO lots VALUES ($1, $2, $3, 'purchase', $4, 'base', 1, '[[1,1]]', $5, 1, '{}', $6, $6, $7, $5, 0, 0, 0)`,
    [account, lot, member, purchase, points, at, new Date(now.getTime() + 3e10)],
  );
  const sequence = Number(before['movement_seq']) + 1;
  await client.query(
    `INSERT INTO movements VALUES ($1, $2, $3, $4, 'issued', 'available', $5, 1, 'E01', 'purchase', $6, $7, $8, $9, $10)`,
    [account, sequence, lot, member, points, purchase, at, now, day, randomBytes(32)],
  );
  await client.query(
    `INSERT INTO qualifying_days AS q VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (account_id, member_id, day)
     DO UPDATE SET spend_minor = q.spend_minor + $4, points = q.points + $5, visits = q.visits + 1`,
    [account, member, day, amount, points],
  );
  for (const [index, type] of ['purchase.recorded', 'points.granted'].entries()) {
    await client.query('INSERT INTO events VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)', [
      ...[account, Number(before['event_seq']) + index + 1, uuid(), PROGRAMME, member, type, at, now],
      JSON.stringify({ purchase, points, rest: 'x'.repeat(250) }),
    ]);
  }
  await client.query(
    `UPDATE accounts SET version = version + 1, event_seq = event_seq + 2, movement_seq = movement_seq + 1,
       available = available + $2, lifetime_earned = lifetime_earned + $2, head_hash = $3 WHERE account_id = $1`,
    [account, points, randomBytes(32)],
  );
  return answer;
}

function uuid(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    record(JSON.parse(Buffer.concat(chunks).toString()) as Receipt).then(
      (answer) => response.writeHead(201, { 'content-type': 'application/json' }).end(answer),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`READY http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

import type { DataSource } from 'typeorm';
import { idToUuid } from '../../src/kernel/ids.js';
import { MAX_CLOCK_BEHIND_MS } from '../../src/platform/pipeline/decide/decide.js';
import type { ApiClient, Answer } from '../harness/api-client.js';
import type { ReferenceModel } from './reference-model.js';
import { carried, type Account, type Lot, type Member } from './vocabulary.js';

/** The engine's side of one run: a few members of their own in the shared programme, and the commands so far. */
export class Family {
  /** Member ids by the model's number, and every account that any of them ever had. */
  readonly memberIds: string[] = [];
  private readonly accountIds = new Map<Account, string>();
  /** Household ids by account, and who heads them. */
  readonly households = new Map<Account, string>();
  readonly head = new Map<Account, Member>();
  /** Ids of members whom others were merged into: their own, and those. */
  private readonly names = new Map<Member, readonly string[]>();
  private receipts = 0;

  constructor(
    readonly api: ApiClient,
    private readonly dataSource: DataSource,
    readonly name: string,
    readonly rewardId: string,
  ) {}

  async enrol(model: ReferenceModel): Promise<Member> {
    const member = model.enrol();
    const externalId = `${this.name}-${member.no}`;
    const enrolledAt = new Date(model.now).toISOString();
    const { body, status, text } = await this.api.post('/v1/members', { externalId, enrolledAt });
    if (status !== 201) throw new Error(text);
    this.memberIds.push(body.id as string);
    this.accountIds.set(member.account, body.accountId as string);
    return member;
  }

  found(account: Account, householdId: string, accountId: string, head: Member): void {
    this.accountIds.set(account, accountId);
    this.households.set(account, householdId);
    this.head.set(account, head);
  }

  /** Of two members who are one the survivor takes the other's place at the head of a household. */
  merged(survivor: Member, duplicate: Member): void {
    const { account } = survivor;
    if (this.head.get(account) === duplicate) this.head.set(account, survivor);
    this.names.set(survivor, [...this.namesOf(survivor), ...this.namesOf(duplicate)]);
  }

  private namesOf(member: Member): readonly string[] {
    return this.names.get(member) ?? [this.id(member)];
  }

  id(member: Member): string {
    return this.memberIds[member.no] as string;
  }

  /** Now by the one, now by another id of those who turned out to be the member. */
  ref(member: Member): { readonly id: string } {
    const names = this.namesOf(member);
    return { id: names[this.receipts % names.length] as string };
  }

  /** A new receipt number. */
  nextReceipt(): { readonly source: string; readonly receiptNo: string } {
    this.receipts += 1;
    return { source: this.name, receiptNo: `${this.name}-${this.receipts}` };
  }

  /** Sends a command, and now and then a second time, which must say the same and change nothing. */
  async does(path: string, body: object, twice = false): Promise<Answer['body']> {
    const headers = { 'idempotency-key': `${this.nextReceipt().receiptNo}-key` };
    const first = await this.api.post(path, body, headers);
    if (first.status >= 300)
      throw new Error(`${path} ${JSON.stringify(body)}: ${first.status} ${first.text}`);
    if (!twice) return first.body;
    const second = await this.api.post(path, body, headers);
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(second.body).toEqual(first.body);
    return first.body;
  }

  /** Sends a command that must be refused, as a dry run and for real. */
  async isRefused(code: string, path: string, body: object): Promise<void> {
    for (const address of [`${path}?dryRun=true`, path]) {
      const answer = await this.api.post(address, body);
      expect({ code: answer.body.code as string, status: answer.status >= 400 }).toEqual({
        code,
        status: true,
      });
    }
  }

  async wakeOne(member: Member): Promise<void> {
    await this.api.get(`/v1/members/${this.id(member)}/balance`);
  }

  /** The engine names the lots that go on elsewhere; the model knows whose they continue. */
  async adoptChildren(model: ReferenceModel): Promise<void> {
    for (const { account, no } of model.present()) {
      const nameless = account.lots.filter(({ id }) => id === '~');
      if (nameless.length === 0) continue;
      const { body } = await this.api.get(`/v1/members/${this.memberIds[no]}/lots?limit=500`);
      const named = new Set(account.lots.map(({ id }) => id));
      for (const lot of nameless) {
        const found = (body.data as { id: string; parentLotId: string | null }[]).find(
          ({ id, parentLotId }) => parentLotId === (lot.parent as Lot).id && !named.has(id),
        );
        lot.id = found?.id as string;
        named.add(lot.id);
      }
    }
  }

  /** Looks at every member, so that whatever fell due is settled. */
  async wake(model: ReferenceModel): Promise<void> {
    for (const member of model.present()) await this.wakeOne(member);
  }

  /** Does nothing while the clock is far behind what is on record of a member's account. */
  async standsStill(model: ReferenceModel, clock: number): Promise<void> {
    for (const member of model.present())
      // What a closed membership is refused is refused at any time.
      if (member.closedAt === null && member.account.recordedUntil - clock > MAX_CLOCK_BEHIND_MS)
        await this.isRefused('CLOCK_BEHIND', '/v1/adjustments', {
          ...{ member: this.ref(member), points: 1, reason: 'gift' },
        });
  }

  /** Holds the engine to the model, and its tables to each other. */
  async agreesWith(model: ReferenceModel): Promise<void> {
    const accounts = [...this.accountIds.values()].map(idToUuid);
    const members = model.present().map((member) => idToUuid(this.id(member)));
    const [row] = await this.dataSource.query<{ state: State }[]>(STATE, [accounts, members, this.rewardId]);
    const { state } = row as { state: State };
    const balances = [...this.accountIds].map(
      ([account, id]) => [idToUuid(id), model.balance(account)] as const,
    );
    const liability = model.accounts.flatMap(({ lots }) => lots).reduce((sum, lot) => sum + carried(lot), 0n);
    expect(state).toEqual({
      broken: [],
      balances: Object.fromEntries(balances),
      liability: liability.toString(),
      stock: model.stock,
      counted: Object.fromEntries(
        model.present().map(({ no, counted }) => [idToUuid(this.memberIds[no] as string), counted]),
      ),
    });
  }
}

interface State {
  readonly broken: readonly unknown[];
  readonly balances: Readonly<Record<string, object>>;
  readonly liability: string;
  readonly stock: number;
  readonly counted: Readonly<Record<string, object>>;
}

/**
 * What the engine has of some accounts, and every lot or account that breaks an invariant of
 * docs/accounting.md#invariants: I4, I5 (carrying amount), I6 (every point somewhere), I7 (balance), I19 (no money
 * without an allocation).
 */
const STATE = `WITH acc AS (SELECT a.* FROM accounts a WHERE a.account_id = ANY($1)),
  lot AS (SELECT l.*, l.pending + l.available + l.held AS live FROM lots l WHERE l.account_id = ANY($1)),
  moved AS (
    SELECT m.account_id, m.lot_id, sum(m.liability) AS liability,
      sum(m.points * ((m.to_bucket IN ('pending', 'available', 'held'))::int
        - (m.from_bucket IN ('pending', 'available', 'held'))::int)) AS live
    FROM movements m WHERE m.account_id = ANY($1) AND m.lot_id IS NOT NULL GROUP BY 1, 2),
  by_account AS (
    SELECT l.account_id, sum(l.available) AS available, sum(l.pending + l.undelivered) AS pending, sum(l.held) AS held
    FROM lot l GROUP BY 1),
  broken AS (
    SELECT 'lot' AS what, l.lot_id AS id FROM lot l
      LEFT JOIN moved v ON v.account_id = l.account_id AND v.lot_id = l.lot_id
      WHERE v.lot_id IS NULL OR v.live <> l.live OR (l.allocated = 0 AND v.liability <> 0)
        OR v.liability <> l.allocated - div(2 * l.allocated::numeric * (l.points - l.live) + l.points, 2 * l.points::numeric)
    UNION ALL
    SELECT 'account', a.account_id FROM acc a LEFT JOIN by_account b ON b.account_id = a.account_id
      WHERE (a.available, a.pending, a.held) IS DISTINCT FROM
          (coalesce(b.available, 0)::bigint, coalesce(b.pending, 0)::bigint, coalesce(b.held, 0)::bigint)
        OR (a.debt > 0 AND a.available > 0))
  SELECT json_build_object(
    'broken', (SELECT coalesce(json_agg(b), '[]') FROM broken b),
    'balances', (SELECT json_object_agg(a.account_id, json_build_object(
      'available', a.available, 'pending', a.pending, 'held', a.held, 'debt', a.debt)) FROM acc a),
    'liability', (SELECT coalesce(sum(v.liability), 0)::text FROM moved v),
    'stock', (SELECT s.remaining FROM reward_stock s WHERE s.reward_id = $3),
    'counted', (SELECT json_object_agg(m.member_id, json_build_object(
      'spend', coalesce(q.spend, 0), 'points', coalesce(q.points, 0), 'visits', coalesce(q.visits, 0),
      'limited', coalesce((SELECT sum(e.points) FROM earning_days e
        WHERE e.account_id = m.home_account_id AND e.member_id = m.member_id AND e.rule_id = 'later'), 0)))
      FROM members m LEFT JOIN LATERAL (
        SELECT sum(d.spend_minor) AS spend, sum(d.points) AS points, sum(d.visits) AS visits
        FROM qualifying_days d WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id) q ON true
      WHERE m.member_id = ANY($2))) AS state`;

import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const ORDERED = '2026-01-30T10:00:00+08:00';

describe('pending points', () => {
  let engine: TestEngine;
  const clock = new MovingClock();
  const api = () => engine.api;
  let made = 0;

  beforeAll(async () => {
    clock.set(ORDERED);
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.policy({ expiry: { type: 'months', months: 1 } });
    await programme.tiers({ measure: 'points' });
    const bySku = (category: string) => ({
      origin: 'purchase',
      lines: { includeCategories: [category] },
      amount: { type: 'perSpend', points: 1, stepMinor: 1000 },
    });
    await programme.rule('base', { ...bySku('never-sold') });
    await programme.rule('waiting', { ...bySku('pending'), pending: { type: 'days', days: 10 } });
    const onDelivery = { type: 'event', event: 'delivered', thenDays: 7, cancelAfterDays: 60 };
    await programme.rule('delivery', { ...bySku('shipped'), pending: onDelivery });
    await programme.rule('capped', {
      ...bySku('capped'),
      pending: onDelivery,
      limits: [{ period: 'month', points: 105 }],
    });
    const afterWindow = { type: 'event', event: 'returnWindowOver', cancelAfterDays: 30 };
    await programme.rule('window', { ...bySku('fashion'), pending: afterWindow });
    await programme.adjustmentReason('sorry');
  });
  afterAll(() => engine.close());
  beforeEach(() => clock.set(ORDERED));

  interface Order {
    readonly id: string;
    readonly memberId: string;
    readonly grants: readonly { readonly lotId: string; readonly state: string }[];
  }

  /** NT$1,000 net of tax by somebody new: 105 points by the price with tax. */
  async function order(category: string): Promise<Order> {
    made += 1;
    const member = { externalId: `P-${made}` };
    await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    const lines = [line({ category })];
    const { body } = await api().post('/v1/purchases', receipt({ member, occurredAt: ORDERED, lines }));
    return body;
  }

  const report = (id: string, type: string, occurredAt?: string) =>
    api().post(`/v1/purchases/${id}/events`, { type, ...(occurredAt ? { occurredAt } : {}) });
  const lotOf = async ({ memberId }: Order) => (await api().get(`/v1/members/${memberId}/lots`)).body.data[0];
  const movementsOf = async ({ memberId }: Order) => {
    const { data } = (await api().get(`/v1/members/${memberId}/movements`)).body;
    return data
      .map((movement: Record<string, unknown>) => [
        `${String(movement['from'])} to ${String(movement['to'])}`,
        movement['eventCode'],
        movement['liability'],
        movement['postingDate'],
      ])
      .reverse();
  };
  const balanceOf = async ({ memberId }: Order) => (await api().get(`/v1/members/${memberId}/balance`)).body;
  const liability = async (day: string) =>
    (await api().get(`/v1/finance/liability?asOf=${day}`)).body.lines[0].gross;

  it('wait 10 days, then live a month that counts from then', async () => {
    const bought = await order('pending');
    expect(await balanceOf(bought)).toMatchObject({ pending: 105, available: 0, total: 105 });
    clock.set('2026-02-09T23:59:59+08:00');
    expect(await balanceOf(bought)).toMatchObject({ pending: 105, available: 0 });
    clock.set('2026-02-10T00:00:00+08:00');
    expect(await balanceOf(bought)).toMatchObject({
      pending: 0,
      available: 105,
      expiring: [{ points: 105, expiresAt: '2026-03-10T16:00:00.000Z' }],
    });
    clock.set('2026-03-10T23:59:59+08:00');
    expect(await balanceOf(bought)).toMatchObject({ available: 105 });
    clock.set('2026-03-11T00:00:00+08:00');
    expect(await balanceOf(bought)).toMatchObject({ available: 0 });
  });

  it('leave the same entries whether somebody looked in time or long after', async () => {
    const [looked, forgotten] = [await order('pending'), await order('pending')];
    for (const at of ['2026-02-10T00:00:00+08:00', '2026-03-11T00:00:00+08:00']) {
      clock.set(at);
      await balanceOf(looked);
    }
    clock.set('2026-08-01T00:00:00+08:00');
    await balanceOf(forgotten);
    expect(await movementsOf(forgotten)).toEqual(await movementsOf(looked));
    expect(await movementsOf(looked)).toEqual([
      ['issued to pending', 'E01', '82.568807', '2026-01-30'],
      ['pending to available', null, '0.000000', '2026-02-10'],
      ['available to expired', 'E15', '-82.568807', '2026-03-10'],
    ]);
  });

  it('owe nothing before delivery, and nothing more when they become usable (A28)', async () => {
    const before = await liability('2026-01-31');
    const bought = await order('shipped');
    expect(await liability('2026-01-31')).toBe(before);
    expect((await lotOf(bought)).awaits).toMatchObject({ event: 'delivered', thenDays: 7 });

    clock.set('2026-02-03T09:00:00+08:00');
    const delivered = await report(bought.id, 'delivered', '2026-02-02T15:00:00+08:00');
    expect(delivered.status).toBe(200);
    expect(delivered.body).toMatchObject({
      type: 'delivered',
      occurredAt: '2026-02-02T07:00:00.000Z',
      delivered: [{ points: 105, availableAt: '2026-02-09T16:00:00.000Z' }],
      activated: [],
      balance: { pending: 105, available: 0 },
    });
    clock.set('2026-02-10T00:00:00+08:00');
    expect(await balanceOf(bought)).toMatchObject({ pending: 0, available: 105 });
    expect(await movementsOf(bought)).toEqual([
      ['issued to undelivered', null, '0.000000', '2026-01-30'],
      ['undelivered to pending', 'E01', '82.568807', '2026-02-02'],
      ['pending to available', null, '0.000000', '2026-02-10'],
    ]);
    expect(await lotOf(bought)).toMatchObject({ awaits: null, expiresAt: '2026-03-10T16:00:00.000Z' });
  });

  it('are reported once, however often and by however many', async () => {
    const bought = await order('shipped');
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(bought.id, 'delivered')));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answers.filter(({ body }) => body.delivered.length > 0)).toHaveLength(1);
    expect(await movementsOf(bought)).toHaveLength(2);
  });

  it('leave no entry when the order is cancelled before delivery, and count for nothing', async () => {
    const bought = await order('shipped');
    const standing = async () =>
      (await api().get(`/v1/members/${bought.memberId}/standing`)).body.progress[0].value;
    expect(await standing()).toBe(105);
    const cancelled = await report(bought.id, 'cancelled');
    expect(cancelled.body).toMatchObject({ cancelled: [{ points: 105 }], balance: { pending: 0 } });
    expect(await movementsOf(bought)).toEqual([
      ['issued to undelivered', null, '0.000000', '2026-01-30'],
      ['undelivered to cancelled', null, '0.000000', '2026-01-30'],
    ]);
    expect(await standing()).toBe(0);
    expect((await report(bought.id, 'delivered')).body).toMatchObject({ activated: [], delivered: [] });
  });

  it('count down once when the order is cancelled and its goods are returned, too', async () => {
    const bought = await order('shipped');
    const measure = async () =>
      (await api().get(`/v1/members/${bought.memberId}/standing`)).body.progress[0].value;
    await report(bought.id, 'cancelled');
    const back = { source: 'store-1', receiptNo: `RT-${bought.id}`, occurredAt: ORDERED, whole: true };
    const returned = await api().post(`/v1/purchases/${bought.id}/returns`, back);
    expect([returned.status, returned.body.pointsTaken]).toEqual([201, 0]);
    expect(await measure()).toBe(0);
  });

  it('are cancelled at their deadline, never expired, with what they carried taken back', async () => {
    const bought = await order('fashion');
    expect(await movementsOf(bought)).toEqual([['issued to pending', 'E01', '82.568807', '2026-01-30']]);
    clock.set('2026-08-01T00:00:00+08:00');
    await balanceOf(bought);
    expect(await lotOf(bought)).toMatchObject({ cancelled: 105, expired: 0, pending: 0 });
    // Through the 30th day after the receipt's; the entry belongs to the day that ended.
    expect((await movementsOf(bought)).at(-1)).toEqual([
      'pending to cancelled',
      'E15',
      '-82.568807',
      '2026-03-01',
    ]);
    const standing = (await api().get(`/v1/members/${bought.memberId}/standing`)).body;
    expect(standing.progress[0].value).toBe(0);
  });

  it('count down for whom they counted, whoever of the household comes by', async () => {
    const head = await order('nothing');
    const { body: household } = await api().post('/v1/households', { head: { id: head.memberId } });
    const [before, since] = [await order('fashion'), await order('nothing')];
    for (const { memberId } of [before, since]) {
      const joined = await api().post(`/v1/households/${household.id}/members`, {
        member: { id: memberId },
        role: 'adult',
      });
      expect(joined.status).toBe(201);
    }
    const member = { id: since.memberId };
    const lines = [line({ category: 'fashion' })];
    await api().post('/v1/purchases', receipt({ member, occurredAt: ORDERED, lines }));
    const counted = async ({ memberId }: Order) =>
      (await api().get(`/v1/members/${memberId}/standing`)).body.progress[0].value;
    expect([await counted(before), await counted(since)]).toEqual([105, 105]);
    clock.set('2026-08-01T00:00:00+08:00');
    expect(await balanceOf(head)).toMatchObject({ pending: 0, available: 0 });
    expect([await counted(before), await counted(since)]).toEqual([0, 0]);
  });

  describe('that stay in a household which their buyer has left', () => {
    const counted = async (memberId: string) =>
      (await api().get(`/v1/members/${memberId}/standing`)).body.progress[0].value;
    const buys = async (memberId: string, category = 'capped') => {
      const body = receipt({ member: { id: memberId }, occurredAt: ORDERED, lines: [line({ category })] });
      return (await api().post('/v1/purchases', body)).body;
    };

    /** Somebody who bought in a household and left, without any points if not said, and whoever stays behind. */
    async function left(
      split = 'none',
    ): Promise<{ household: string; stays: string; buyer: string; order: Order }> {
      const [head, member] = [await order('nothing'), await order('nothing')];
      const { body } = await api().post('/v1/households', { head: { id: head.memberId } });
      const joining = { member: { id: member.memberId }, role: 'adult' };
      await api().post(`/v1/households/${body.id}/members`, joining);
      const bought = await buys(member.memberId);
      const path = `/v1/households/${body.id}/members/${member.memberId}/leave`;
      expect((await api().post(path, { split })).status).toBe(200);
      expect(await counted(member.memberId)).toBe(105);
      return { household: body.id, stays: head.memberId, buyer: member.memberId, order: bought };
    }

    it('are reached by the events of their receipt', async () => {
      const { stays, buyer, order: bought } = await left();
      const delivered = await report(bought.id, 'delivered');
      expect(delivered).toMatchObject({
        status: 200,
        body: { delivered: [{ points: 105 }], balance: { pending: 0 } },
      });
      expect(delivered.body.accountId).toBe((await api().get(`/v1/members/${stays}`)).body.accountId);
      const cancelled = await report(bought.id, 'cancelled');
      expect(cancelled.body.cancelled).toMatchObject([{ points: 105 }]);
      expect([await counted(buyer), await counted(stays)]).toEqual([0, 0]);
      expect((await buys(buyer)).pointsGranted).toBe(105);
      expect((await buys(buyer)).pointsGranted).toBe(0);
    });

    const returns = async (id: string, body: object = { whole: true }) => {
      made += 1;
      const said = { source: 'web', receiptNo: `R-${made}`, occurredAt: new Date(clock.now()).toISOString() };
      return (await api().post(`/v1/purchases/${id}/returns`, { ...said, ...body })).body;
    };
    const nothingOwed = { pointsFromDebtPolicy: { debt: 0 }, balance: { debt: 0, pending: 0, available: 0 } };

    it('are reached among many others', async () => {
      const [head, member] = [await order('nothing'), await order('nothing')];
      const { body } = await api().post('/v1/households', { head: { id: head.memberId } });
      const joining = { member: { id: member.memberId }, role: 'adult' };
      await api().post(`/v1/households/${body.id}/members`, joining);
      const orders: Order[] = [];
      for (let count = 0; count < 6; count += 1) orders.push(await buys(member.memberId, 'shipped'));
      const path = `/v1/households/${body.id}/members/${member.memberId}/leave`;
      await api().post(path, { split: 'none' });
      const [first, , middle, , , last] = orders.map(({ id }) => id) as [
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      expect((await report(last, 'delivered')).body.delivered).toMatchObject([{ points: 105 }]);
      expect((await report(middle, 'cancelled')).body.cancelled).toMatchObject([{ points: 105 }]);
      expect(await returns(last)).toMatchObject({ pointsTaken: 105, pointsFromDebtPolicy: { debt: 0 } });
      expect(await returns(first)).toMatchObject({ pointsTaken: 105, pointsFromDebtPolicy: { debt: 0 } });
      expect(await counted(member.memberId)).toBe(315);
    });

    it.each([
      ['none', null],
      ['equal', null],
      ['none', 'delivered'],
      ['equal', 'delivered'],
    ])('come back with their goods, split %s, after %s', async (split, event) => {
      const { stays, buyer, order: bought } = await left(split);
      if (event) await report(bought.id, event);
      const back = await returns(bought.id);
      expect(back).toMatchObject({ pointsTaken: 105, pointsGone: 0, ...nothingOwed });
      const { accountId } = (await api().get(`/v1/members/${stays}`)).body;
      expect(back.takenFrom).toEqual([{ lotId: bought.grants[0]?.lotId, points: 105, accountId }]);
      expect(await balanceOf({ memberId: stays } as Order)).toMatchObject({ pending: 0, debt: 0 });
      expect((await report(bought.id, 'cancelled')).body.cancelled).toEqual([]);
      expect([await counted(buyer), await counted(stays)]).toEqual([0, 0]);
      expect((await buys(buyer)).pointsGranted).toBe(105);
      expect((await buys(buyer)).pointsGranted).toBe(0);
    });

    it.each(['none', 'equal'])(
      'count down once when they are cancelled and returned, split %s',
      async (split) => {
        const { buyer, order: bought } = await left(split);
        await report(bought.id, 'cancelled');
        expect(await counted(buyer)).toBe(0);
        expect(await returns(bought.id)).toMatchObject({ pointsTaken: 0, pointsGone: 105, ...nothingOwed });
        expect(await counted(buyer)).toBe(0);
        expect((await buys(buyer)).pointsGranted).toBe(105);
        expect((await buys(buyer)).pointsGranted).toBe(0);
      },
    );

    it('count down once when a part comes back and the rest is cancelled', async () => {
      const { buyer, order: bought } = await left();
      const lines = [{ lineNo: 1, amountMinor: 52_500 }];
      expect(await returns(bought.id, { lines })).toMatchObject({ pointsTaken: 52, ...nothingOwed });
      expect(await counted(buyer)).toBe(53);
      expect((await report(bought.id, 'cancelled')).body.cancelled).toMatchObject([{ points: 53 }]);
      expect(await counted(buyer)).toBe(0);
      expect(await returns(bought.id)).toMatchObject({ pointsTaken: 0, pointsGone: 53, ...nothingOwed });
      expect(await counted(buyer)).toBe(0);
    });

    it('count down once when their deadline passes and nothing but the return notices', async () => {
      const { buyer, order: bought } = await left();
      clock.set('2026-04-10T00:00:00+08:00');
      expect(await returns(bought.id)).toMatchObject({ pointsTaken: 0, pointsGone: 105, ...nothingOwed });
      expect(await counted(buyer)).toBe(0);
    });

    it('count down once though somebody else took them along, by then or before', async () => {
      for (const first of ['return', 'cancel', 'lapse'] as const) {
        clock.set(ORDERED);
        const { household, stays, buyer, order: bought } = await left();
        await api().post(`/v1/households/${household}/members/${stays}/leave`, {});
        if (first === 'cancel') await report(bought.id, 'cancelled');
        if (first === 'lapse') {
          clock.set('2026-04-10T00:00:00+08:00');
          await api().get(`/v1/members/${stays}/balance`);
        }
        const [pointsTaken, pointsGone] = first === 'return' ? [105, 0] : [0, 105];
        expect(await returns(bought.id)).toMatchObject({ pointsTaken, pointsGone, ...nothingOwed });
        expect([await counted(buyer), await counted(stays)]).toEqual([0, 0]);
      }
    });

    it('come back in an exchange, and with goods whose receipt is looked for', async () => {
      const exchanged = await left();
      const purchase = receipt({ occurredAt: ORDERED, lines: [line({ category: 'never-sold' })] });
      const { member: _named, ...unnamed } = purchase;
      const path = `/v1/purchases/${exchanged.order.id}/exchanges`;
      const swapped = await api().post(path, { return: { whole: true }, purchase: unnamed });
      expect(swapped.body.return).toMatchObject({ pointsTaken: 105, pointsFromDebtPolicy: { debt: 0 } });

      const sought = await left();
      made += 1;
      const found = await api().post('/v1/returns', {
        ...{ source: 'web', receiptNo: `R-${made}`, occurredAt: ORDERED, member: { id: sought.buyer } },
        lines: [{ sku: line().sku, quantity: '1' }],
      });
      expect(found.body.returns).toMatchObject([{ pointsTaken: 105, pointsFromDebtPolicy: { debt: 0 } }]);
    });

    it('count down for their buyer when they lapse, and his next receipt knows', async () => {
      const { stays, buyer } = await left();
      await buys(buyer);
      clock.set('2026-04-10T00:00:00+08:00');
      expect((await api().get(`/v1/members/${stays}/balance`)).body).toMatchObject({ pending: 0 });
      expect(await counted(buyer)).toBe(0);
      expect((await buys(buyer)).pointsGranted).toBe(105);
    });

    it('go on with the last one who leaves, and still count down for their buyer', async () => {
      const { household, stays, buyer, order: bought } = await left();
      const closed = await api().post(`/v1/households/${household}/members/${stays}/leave`, {});
      expect(closed.body.closed).toBe(true);
      const other = await left();
      await api().post(`/v1/households/${other.household}/members/${other.stays}/leave`, {});
      clock.set('2026-02-01T00:00:00+08:00');
      expect((await report(bought.id, 'cancelled')).body.cancelled).toMatchObject([{ points: 105 }]);
      clock.set('2026-04-10T00:00:00+08:00');
      expect((await api().get(`/v1/members/${other.stays}/balance`)).body).toMatchObject({ pending: 0 });
      for (const id of [buyer, stays, other.buyer, other.stays]) expect(await counted(id)).toBe(0);
      for (const id of [buyer, other.buyer]) expect((await buys(id)).pointsGranted).toBe(105);
    });
  });

  it('become usable with an event of any name, at once', async () => {
    const bought = await order('fashion');
    clock.set('2026-02-14T12:00:00+08:00');
    const over = await report(bought.id, 'returnWindowOver');
    expect(over.body).toMatchObject({
      activated: [{ points: 105, expiresAt: '2026-03-14T16:00:00.000Z' }],
      balance: { available: 105 },
    });
  });

  it('are activated or given up lot by lot by hand', async () => {
    const [one, two] = [await order('shipped'), await order('shipped')];
    const path = ({ memberId, grants }: Order) => `/v1/members/${memberId}/lots/${grants[0]?.lotId}`;
    const activated = await api().post(`${path(one)}/activate`, { reason: 'sorry' });
    expect([activated.status, activated.body.kind]).toEqual([201, 'activation']);
    expect(activated.body.balance).toMatchObject({ available: 105, pending: 0 });
    const again = await api().post(`${path(one)}/activate`, { reason: 'sorry' });
    expect([again.status, again.body.points, again.body.id]).toEqual([200, 0, null]);
    const cancelled = await api().post(`${path(two)}/cancel`, { reason: 'sorry' });
    expect(cancelled.body).toMatchObject({ kind: 'cancellation', points: -105, balance: { pending: 0 } });
    const elsewhere = await api().post(`/v1/members/${one.memberId}/lots/${two.grants[0]?.lotId}/cancel`, {
      reason: 'sorry',
    });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([404, 'LOT_NOT_FOUND']);
  });

  it.each([
    ['pur_01h455vb4pex5vsknk084sn02q', { type: 'delivered' }, 404, 'PURCHASE_NOT_FOUND'],
    ['nonsense', { type: 'delivered' }, 404, 'PURCHASE_NOT_FOUND'],
    ['pur_01h455vb4pex5vsknk084sn02q', { type: 'Not a name' }, 422, 'VALIDATION_FAILED'],
    ['pur_01h455vb4pex5vsknk084sn02q', {}, 422, 'VALIDATION_FAILED'],
  ])('know no event of %s with %o', async (id, body, status, code) => {
    const answer = await api().post(`/v1/purchases/${id}/events`, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('leave the books in order', async () => {
    clock.set('2027-01-01T00:00:00+08:00');
    expect((await api().get('/v1/finance/tie-out')).body.ties).toBe(true);
    const verified = (await api().get('/v1/admin/verify')).body;
    expect({ clean: verified.clean, differences: verified.differences }).toEqual({
      clean: true,
      differences: [],
    });
  });
});

import { groupBy } from '../../src/kernel/group-by.js';
import type { RandomHistory, Receipt } from './random-history.js';
import { allocation, journal, priceOf, rollForward, sums, type LotRow, type MovementRow } from './recount.js';
import type { Shop } from './shops.js';

/** Sub-ledger units of a minor unit. */
const UNIT = 10_000n;
/** What a report is asked at, as parts of all days and of all instants. */
const PARTS = [0.3, 0.6, 0.999];

/** Holds the reports of a shop to its rows. */
export class BookAudit {
  /** Figures that were compared. */
  compared = 0;
  private readonly days: readonly string[];
  private readonly instants: readonly number[];

  constructor(
    private readonly shop: Shop,
    private readonly movements: readonly MovementRow[],
    private readonly lots: ReadonlyMap<string, LotRow>,
  ) {
    this.days = [...new Set(movements.map(({ postedOn }) => postedOn))].sort();
    this.instants = [...new Set(movements.map(({ recordedAt }) => recordedAt))].sort((a, b) => a - b);
  }

  /** Every report, as known now and as known then. */
  async reports(): Promise<void> {
    for (const known of [null, this.instants[Math.floor(this.instants.length / 2)] as number]) {
      const seen = this.movements.filter(({ recordedAt }) => known === null || recordedAt <= known);
      const knownAt = known === null ? '' : `&knownAt=${new Date(known).toISOString()}`;
      await this.rollForward(seen, knownAt);
      await this.journal(seen, knownAt);
      for (const part of PARTS) {
        const day = this.days[Math.floor(this.days.length * part)] as string;
        const posted = seen.filter(({ postedOn }) => postedOn <= day);
        await this.moment(posted, `asOf=${day}${knownAt}`);
        const at = this.instants[Math.floor(this.instants.length * part)] as number;
        const happened = seen.filter(({ occurredAt }) => occurredAt <= at);
        await this.moment(happened, `asOf=${new Date(at).toISOString()}${knownAt}`);
      }
    }
  }

  private async rollForward(seen: readonly MovementRow[], knownAt: string): Promise<void> {
    const months = monthsFrom('2026-01', this.days.at(-1) as string);
    const { body } = await this.get(`roll-forward?from=${months[0]}&to=${months.at(-1)}${knownAt}`);
    const own = rollForward(seen, months);
    type Row = { row: string; points: number; gross: string };
    for (const { period, rows } of body.months as { period: string; rows: Row[] }[])
      for (const { row, points, gross } of rows) {
        const name = `${period} ${row}`;
        const expected = own.get(name) ?? { points: 0n, gross: 0n };
        expect({ name, points: BigInt(points), gross: this.units(gross) }).toEqual({ name, ...expected });
        own.delete(name);
        this.compared += 2;
      }
    expect([...own]).toEqual([]);
  }

  private async journal(seen: readonly MovementRow[], knownAt: string): Promise<void> {
    const months = monthsFrom('2025-12', this.days.at(-1) as string);
    const last = months.at(-1);
    for (const [from, to] of [
      [months[0], last],
      [last, last],
    ]) {
      const { body } = await this.get(`journal?from=${from}&to=${to}${knownAt}`);
      const minor = (text = '') => BigInt(text.replace('.', ''));
      const lines = (body.lines as Record<string, string>[]).map(
        ({ postingDate, eventCode, manual, accountRole, debit, credit }) =>
          `${postingDate} ${eventCode} ${manual} ${accountRole} ${minor(debit) - minor(credit)}`,
      );
      expect(lines.sort()).toEqual(journal(seen, `${from}-01`, `${to}-31`, UNIT));
      this.compared += lines.length;
    }
  }

  /** Liability, tie-out and lot listing of a moment; `counted` are the movements that count by then. */
  private async moment(counted: readonly MovementRow[], moment: string): Promise<void> {
    const { points, gross } = sums(counted);
    const [line] = (await this.get(`liability?${moment}`)).body.lines;
    const told = { moment, points: BigInt(line.points), gross: this.units(line.gross) };
    expect(told).toEqual({ moment, points, gross });
    expect((await this.get(`tie-out?${moment}`)).body).toMatchObject({ ties: true });
    const { totals, data } = await this.listing(moment);
    const byLot = groupBy(
      counted.filter(({ lot }) => lot !== null),
      ({ lot }) => lot,
    );
    expect({
      ...told,
      lots: totals.lots,
      listed: data.length,
      outstanding: BigInt(totals.outstanding),
    }).toEqual({
      ...{ moment, points, gross: this.units(totals.liability) },
      ...{ lots: byLot.size, listed: byLot.size, outstanding: points },
    });
    for (const { lotId, outstanding, liability, allocated } of data) {
      const own = { lotId, ...sums(byLot.get(lotId) ?? []), allocated: this.lots.get(lotId)?.allocated };
      const listed = { points: BigInt(outstanding), gross: this.units(liability) };
      expect({ lotId, ...listed, allocated: this.units(allocated) }).toEqual(own);
    }
    this.compared += 6 + 3 * data.length;
  }

  private async listing(moment: string) {
    const { totals, data, nextCursor } = (await this.get(`lots?${moment}&limit=500`)).body;
    const all = [...data];
    for (let cursor = nextCursor; cursor !== null;) {
      const page = (await this.get(`lots?${moment}&limit=500&cursor=${cursor}`)).body;
      all.push(...page.data);
      cursor = page.nextCursor;
    }
    return { totals, data: all };
  }

  /** What sales were split at, by the receipts as they were sent. */
  async prices(receipts: ReadonlyMap<string, Receipt>): Promise<void> {
    const { data } = await this.listing('asOf=2199-12-31');
    const roots = data.filter(({ parentLotId }) => parentLotId === null);
    const priced = roots.filter(({ valuation }) => valuation?.transactionPrice && !valuation.unallocated);
    for (const { allocated, valuation } of roots)
      if (valuation?.unallocated) expect(this.units(allocated)).toBe(0n);
    for (const [id, own] of groupBy(priced, ({ purchaseId }) => purchaseId as string)) {
      const { transactionPrice, goodsSsp, pointsValued } = own[0].valuation;
      const [price, goods, points] = [
        this.units(transactionPrice),
        this.units(goodsSsp),
        BigInt(pointsValued),
      ];
      const carried = own.reduce((total, { allocated }) => total + this.units(allocated), 0n);
      const major = UNIT * 10n ** BigInt(this.shop.terms.digits);
      expect({ id, carried }).toEqual({ id, carried: allocation({ price, goods, points }, major) });
      const { lines, tenders } = receipts.get(id) as Receipt;
      const exact = priceOf(lines, tenders);
      const off = price * exact.d - exact.n * UNIT;
      // A line's part of what paid for it without money is a whole number of minor units.
      const near = (off < 0n ? -off : off) <= BigInt(lines.length) * UNIT * exact.d;
      expect({ id, lines, tenders, price, near }).toMatchObject({ near: true });
      this.compared += 2;
    }
  }

  /** What was brought in against what the old systems had. */
  async openings(histories: readonly RandomHistory[]): Promise<void> {
    const stated = { lots: 0, points: 0, carriedMinor: 0 };
    for (const { brought } of histories)
      for (const field of ['lots', 'points', 'carriedMinor'] as const) stated[field] += brought[field];
    const query = Object.entries(stated).map(([name, value]) => `${name}=${value}`);
    const { body } = await this.shop.maker.get(
      `/v1/opening-balances/proof?source=old-pos&${query.join('&')}`,
    );
    expect(body).toMatchObject({ agrees: true, ties: true, broughtIn: stated });
    this.compared += 3;
  }

  private get(what: string) {
    return this.shop.maker.get(`/v1/finance/${what}`);
  }

  /** A decimal of major units as sub-ledger units. */
  private units(text: string): bigint {
    const [whole = '', part = ''] = text.split('.');
    return BigInt(whole + part.padEnd(this.shop.terms.digits + 4, '0'));
  }
}

/** Months from `first` to that of `day`, both included. */
function monthsFrom(first: string, day: string): readonly string[] {
  const months = [first];
  while ((months.at(-1) as string) < day.slice(0, 7)) {
    const [year = 0, month = 0] = (months.at(-1) as string).split('-').map(Number);
    months.push(new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7));
  }
  return months;
}

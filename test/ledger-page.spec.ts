import { readFileSync } from 'node:fs';
import { DEFAULT_CHART, EVENT_POSTINGS, shownCode } from '../src/finance/domain/chart-of-accounts.js';
import { allocateTransactionPrice } from '../src/finance/domain/allocate.js';
import { parseDecimal } from '../src/kernel/decimal.js';
import { formatSubLedger, minorToSubLedger, subLedgerUnitsPerMajor } from '../src/kernel/money.js';
import { carryingAmount } from '../src/ledger/domain/carrying-amount.js';
import { eventCodeFits } from '../src/ledger/domain/event-code-buckets.js';
import {
  LOT_BUCKETS,
  lotLiability,
  movePoints,
  type Bucket,
  type LotBucket,
} from '../src/ledger/domain/lot.js';
import { lot as lotOf } from './builders/ledger.js';

const PAGE = readFileSync(new URL('../docs/ledger.md', import.meta.url), 'utf8');

/** The cells of the rows of the first table below a text. */
function tableBelow(text: string): string[][] {
  const [, below] = PAGE.split(text) as [string, string];
  const rows = below.slice(below.indexOf('\n|') + 1).split('\n\n')[0] as string;
  const cells = (row: string) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  return rows.split('\n').slice(2).map(cells);
}

const money = (amount: bigint) => formatSubLedger(amount, 'TWD');
/** As the page prints an amount: nothing is `0`. */
const printed = (amount: bigint) => (amount === 0n ? '0' : money(amount));

describe('docs/ledger.md', () => {
  it('has the worked example as the code computes it', () => {
    const v = parseDecimal('1');
    const [allocated] = allocateTransactionPrice(
      minorToSubLedger(100_000),
      [minorToSubLedger(100_000)],
      [
        {
          points: 105,
          valuePerPoint: { ...v, numerator: v.numerator * subLedgerUnitsPerMajor('TWD') },
          redemptionProbability: parseDecimal('0.9'),
          taxRate: parseDecimal('0.05'),
        },
      ],
    ).lots as [bigint];
    expect(PAGE).toContain(`A   = HU( 1000 * 90 / 1090 )     = ${money(allocated)}`);

    let lot = lotOf(1, { points: 105, allocated, available: 0 });
    const rows = tableBelow('A   = HU( 1000 * 90 / 1090 )');
    expect(rows).toHaveLength(6);
    for (const [movement = '', points, out, share, carrying, liability] of rows) {
      const [, from, to] = /(\w+) to (\w+)$/.exec(movement) as unknown as [string, Bucket, LotBucket];
      const before = from === 'issued' ? 0n : lotLiability(lot);
      lot = movePoints(lot, from, to, Number(points));
      const owed = lot.pending + lot.available + lot.held;
      const after = carryingAmount(lot, lot.points - owed);
      expect(lotLiability(lot)).toBe(after);
      expect([movement, out, share, carrying, liability]).toEqual([
        movement,
        String(lot.points - owed),
        ...[allocated - after, after, after - before].map(printed),
      ]);
      const code = /E\d\d/.exec(movement)?.[0] ?? null;
      expect([movement, eventCodeFits(code, from, to)]).toEqual([movement, true]);
    }
  });

  it('counts as out of a lot every bucket but the three that are owed', () => {
    const owed = ['pending', 'available', 'held'];
    const [, formula = ''] = /q_out = P - \((.+?)\)/.exec(PAGE) ?? [];
    expect(formula.split(' + ')).toEqual(owed);
    const [, sum = ''] = /\n +(= undelivered \+ .+)\n/.exec(PAGE) ?? [];
    const out = LOT_BUCKETS.filter((bucket) => !owed.includes(bucket));
    expect(sum.slice(2).split(' + ').sort()).toEqual([...out].sort());
    for (const bucket of LOT_BUCKETS) {
      const lot = { ...lotOf(1, { points: 10, allocated: 100n, available: 0 }), [bucket]: 10 };
      expect([bucket, lotLiability(lot)]).toEqual([bucket, owed.includes(bucket) ? 100n : 0n]);
    }
  });

  it('names the accounts of each event code as the journal posts them', () => {
    const rows = [
      ...tableBelow('and carry nothing until then.'),
      ...tableBelow('`onReturn: keep` leaves it.'),
    ];
    const posted = rows.filter(
      ([code = '', , , debit]) => /^E/.test(code) && debit !== 'none' && code !== 'E19',
    );
    const [shown, journal] = [new Set<string>(), new Set<string>()];
    for (const { code, counterpart } of EVENT_POSTINGS) {
      const sides = takesUp(code) ? [counterpart, 'CL_POINTS'] : ['CL_POINTS', counterpart];
      journal.add([shownCode(code), ...sides].join(' '));
    }
    for (const [code = '', , , debit = '', credit = ''] of posted) {
      const roles = [debit, credit].map((cell) => /`(\w+)`/.exec(cell)?.[1]);
      shown.add([code, ...roles].join(' '));
      for (const cell of [debit, credit]) {
        const [, role = '', account] = /`(\w+)`(?: (.+))?/.exec(cell) ?? [];
        if (account) expect([role, account]).toEqual([role, DEFAULT_CHART[role as 'CL_POINTS'].code]);
      }
    }
    expect(shown).toEqual(journal);
  });
});

/** Whether an event code makes more owed, where its amount is above 0. */
function takesUp(code: string): boolean {
  return ['E01', 'E03', 'E12', 'E24 E15', 'E26'].includes(code);
}

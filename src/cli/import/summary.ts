import { formatMinor } from '../../kernel/money.js';
import { count, perSecond } from './progress-text.js';

/** What an import came to. */
export interface Totals {
  rowsRead: number;
  /** Receipts the server did not have before. */
  posted: number;
  /** Receipts that were there already. */
  replayed: number;
  /** Receipts that were not posted, because of their rows. */
  unreadable: number;
  /** Receipts that the server refused, or whose member it did. */
  refused: number;
  /** Receipts of customers who are no members, and what those that were counted came to, minor units. */
  withoutMember: number;
  withoutMemberMinor: bigint;
  enrolled: number;
  rejectedRows: number;
  /** Points of the receipts posted, and of those that were there already. */
  pointsPosted: number;
  pointsReplayed: number;
  /** Minor units of both kinds together. */
  amountMinor: bigint;
}

export function newTotals(): Totals {
  return {
    rowsRead: 0,
    posted: 0,
    replayed: 0,
    unreadable: 0,
    refused: 0,
    withoutMember: 0,
    withoutMemberMinor: 0n,
    enrolled: 0,
    rejectedRows: 0,
    pointsPosted: 0,
    pointsReplayed: 0,
    amountMinor: 0n,
  };
}

export interface SummaryContext {
  readonly dryRun: boolean;
  /** Baskets of a file that was checked without a server; null: a server was asked. */
  readonly checked: number | null;
  readonly currency: string;
  readonly elapsedMs: number;
  /** Milliseconds of the posting alone. */
  readonly postingMs: number;
  readonly rejectsPath: string;
}

/** The figures at the end, aligned, for a person and for `grep`. */
export function summaryText(totals: Totals, context: SummaryContext): string {
  const rows: [string, string][] = [
    ['Rows read', count(totals.rowsRead)],
    ...(context.checked === null ? answeredRows(totals, context) : checkedRows(context.checked)),
    ...leftOutRows(totals, context.currency),
    ['Rejected rows', rejectedText(totals, context.rejectsPath)],
    ['Seconds', (context.elapsedMs / 1000).toFixed(1)],
  ];
  if (context.dryRun) rows.push(['Written', 'nothing: this was a dry run']);
  return rows.map(([label, value]) => `${label.padEnd(26)}${value}\n`).join('');
}

function answeredRows(totals: Totals, { dryRun, currency, postingMs }: SummaryContext): [string, string][] {
  const rate = perSecond(totals.posted + totals.replayed, postingMs);
  return [
    [dryRun ? 'Baskets that would go in' : 'Baskets posted', basketsText(totals)],
    ['Amount', `${currency} ${formatMinor(totals.amountMinor, currency)}`],
    ['Points granted', pointsText(totals)],
    ['Members enrolled', count(totals.enrolled)],
    ['Baskets/s', `${count(rate)} while posting`],
  ];
}

function leftOutRows({ withoutMember, withoutMemberMinor }: Totals, currency: string): [string, string][] {
  if (withoutMember === 0) return [];
  const amount =
    withoutMemberMinor === 0n ? '' : `, ${currency} ${formatMinor(withoutMemberMinor, currency)}`;
  return [['Left out, no member', `${count(withoutMember)} baskets${amount}`]];
}

function checkedRows(baskets: number): [string, string][] {
  return [['Baskets fit to be posted', count(baskets)]];
}

function basketsText({ posted, replayed }: Totals): string {
  return `${count(posted + replayed)} (${count(posted)} new, ${count(replayed)} there already)`;
}

function pointsText({ pointsPosted, pointsReplayed }: Totals): string {
  return `${count(pointsPosted)}${pointsReplayed === 0 ? '' : ` (and ${count(pointsReplayed)} before)`}`;
}

function rejectedText({ rejectedRows, unreadable, refused }: Totals, path: string): string {
  return rejectedRows === 0
    ? '0'
    : `${count(rejectedRows)} (${count(unreadable + refused)} baskets), see ${path}`;
}

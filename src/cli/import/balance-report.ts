import { formatMinor } from '../../kernel/money.js';
import type { Figures } from './balance-figures.js';
import type { BalanceTotals } from './post-balances.js';
import { count } from './progress-text.js';

/** What the server proves. */
export interface Proof {
  readonly openingDay: string | null;
  readonly broughtIn: Figures;
  readonly difference: Figures;
  readonly agrees: boolean;
  readonly ties: boolean;
}

export interface BalanceOutcome {
  readonly stated: Figures;
  readonly file: Figures;
  /** Null where nothing was written. */
  readonly proof: Proof | null;
  /** What the answers came to; null where no lot was sent to be written. */
  readonly written: (BalanceTotals & { readonly enrolled: number }) | null;
  /** Rows of 0 points. */
  readonly empty: number;
  readonly rejected: { readonly rows: number; readonly path: string };
}

const LABEL = 22;
const WIDTH = 20;

/** The proof as a table, for a person and for `grep`: stated, in the file, in Laurel, and the difference. */
export function balanceReport(
  currency: string,
  { stated, file, proof, written, empty, rejected }: BalanceOutcome,
): string {
  const money = (minor: number) => formatMinor(BigInt(minor), currency);
  const row = (label: string, cells: readonly string[]) =>
    `${label.padEnd(LABEL)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}\n`;
  const of = (label: string, name: keyof Figures, text: (value: number) => string) => {
    const found = proof?.broughtIn ?? file;
    const columns = [stated[name], file[name], ...(proof ? [proof.broughtIn[name]] : [])];
    return row(label, [...columns, found[name] - stated[name]].map(text));
  };
  const lines = [
    row('', ['stated', 'in the file', ...(proof ? ['in Laurel'] : []), 'difference']),
    of('Lots', 'lots', count),
    of('Points', 'points', count),
    of(`Carried, ${currency}`, 'carriedMinor', money),
  ];
  if (written) {
    const { taken, replayed, refused, enrolled } = written;
    lines.push(
      `${'Lots taken'.padEnd(LABEL)}${count(taken)} new, ${count(replayed)} there already, ${count(refused)} refused\n`,
      `${'Members enrolled'.padEnd(LABEL)}${count(enrolled)}\n`,
    );
  }
  if (empty > 0) lines.push(`${'Rows of 0 points'.padEnd(LABEL)}${count(empty)}, left out: no lots\n`);
  if (rejected.rows > 0)
    lines.push(`${'Rejected rows'.padEnd(LABEL)}${count(rejected.rows)}, see ${rejected.path}\n`);
  if (proof) {
    lines.push(
      `${'Posted on'.padEnd(LABEL)}${proof.openingDay ?? ''}\n`,
      `${'Agrees'.padEnd(LABEL)}${proof.agrees ? 'yes' : 'no'}\n`,
      `${'Lots tie to the books'.padEnd(LABEL)}${proof.ties ? 'yes' : 'no'}\n`,
    );
  } else lines.push(`${'Written'.padEnd(LABEL)}nothing\n`);
  return lines.join('');
}

/**
 * The books once more, from the rows alone: docs/ledger.md and docs/accounting.md in a few lines, without the code
 * that they are about.
 */

/** A movement as it is stored; whole numbers are bigint, instants milliseconds. */
export interface MovementRow {
  readonly account: string;
  readonly sequence: bigint;
  readonly lot: string | null;
  readonly from: string;
  readonly to: string;
  readonly points: bigint;
  readonly liability: bigint;
  readonly code: string | null;
  readonly cause: string;
  readonly occurredAt: number;
  readonly effectiveAt: number;
  readonly recordedAt: number;
  readonly postedOn: string;
  /** Whether an adjustment caused it, or the return that one carried out. */
  readonly manual: boolean;
}

export interface LotRow {
  readonly id: string;
  readonly parent: string | null;
  readonly account: string;
  readonly origin: string;
  readonly points: bigint;
  readonly allocated: bigint;
  /** Points by bucket, as the lot's row has them. */
  readonly buckets: Readonly<Record<string, bigint>>;
}

const OWED = ['pending', 'available', 'held'];

/** Rounds half away from zero; `d` is above 0. */
export function halfUp(n: bigint, d: bigint): bigint {
  const rounded = (2n * (n < 0n ? -n : n) + d) / (2n * d);
  return n < 0n ? -rounded : rounded;
}

/** By how much a movement changes the points that are owed. */
export function change({ from, to, points }: MovementRow): bigint {
  return points * BigInt(Number(OWED.includes(to)) - Number(OWED.includes(from)));
}

/** The code that a move of a lot's points stands for (docs/ledger.md#buckets-and-event-codes). */
export function expectedCode({ from, to, cause }: MovementRow, lot: LotRow): string | null {
  const issues = { purchase: 'E01', sale_compensation: 'E03' }[lot.origin] ?? 'E02';
  if (from === 'undelivered') return OWED.includes(to) ? issues : null;
  if (from === 'issued') {
    if (to === 'undelivered') return null;
    if (lot.parent !== null) return 'E19';
    return cause === 'opening' ? 'E26' : issues;
  }
  if (from === 'settled' || (OWED.includes(from) && OWED.includes(to))) return null;
  if (from === 'redeemed') return 'E12';
  if (from === 'cancelled') return 'E24';
  if (to === 'redeemed') return 'E06';
  if (to === 'expired') return 'E15';
  if (to === 'moved') return 'E19';
  if (to === 'settled') return 'E17';
  if (to === 'returned') return cause === 'adjustment' || cause === 'undo' ? 'E24' : 'E17';
  if (to === 'cancelled' && from === 'available') return 'E15';
  return cause === 'purchase' || cause === 'adjustment' ? 'E17' : 'E15';
}

export interface Sums {
  points: bigint;
  gross: bigint;
}

const ROWS: Readonly<Record<string, string>> = {
  ...{ E01: 'earned_purchase', E02: 'earned_non_purchase', E03: 'earned_compensation', E06: 'redeemed' },
  ...{ E12: 'redemption_reversed', E15: 'expired', E17: 'returned', E19: 'transferred', E24: 'corrected' },
  E26: 'brought_in',
};

/** What the roll-forward says of consecutive months, by `month row`; rows of nothing are left out. */
export function rollForward(movements: readonly MovementRow[], months: readonly string[]): Map<string, Sums> {
  const rows = new Map<string, Sums>();
  const balance = sums(movements.filter(({ postedOn }) => postedOn.slice(0, 7) < (months[0] as string)));
  for (const month of months) {
    add(rows, `${month} opening`, balance);
    for (const movement of movements) {
      if (movement.postedOn.slice(0, 7) !== month) continue;
      const row = movement.to === 'settled' ? 'debts' : (ROWS[movement.code ?? ''] ?? 'other');
      const changed = { points: change(movement), gross: movement.liability };
      add(rows, `${month} ${row}`, changed);
      balance.points += changed.points;
      balance.gross += changed.gross;
    }
    add(rows, `${month} closing`, balance);
  }
  return rows;
}

export function sums(movements: readonly MovementRow[]): Sums {
  const total = { points: 0n, gross: 0n };
  for (const movement of movements) {
    total.points += change(movement);
    total.gross += movement.liability;
  }
  return total;
}

function add<T extends string>(rows: Map<T, Sums>, name: T, { points, gross }: Sums): void {
  const row = rows.get(name) ?? { points: 0n, gross: 0n };
  rows.set(name, { points: row.points + points, gross: row.gross + gross });
}

const AGAINST: Readonly<Record<string, string>> = {
  ...{ E01: 'REV_DEFERRAL', E03: 'SALES_ALLOWANCE', E06: 'REV_POINTS', E12: 'REV_POINTS' },
  ...{ E15: 'REV_BREAKAGE', E17: 'REV_DEFERRAL', E26: 'OPENING' },
  ...{ 'E24 forfeit': 'REV_BREAKAGE', 'E24 credit': 'SALES_ALLOWANCE', 'E24 undo': 'REV_DEFERRAL' },
};

/**
 * The journal's lines of days from `from` on, as `day code manual role amount`, debits positive: each group at its
 * rounding, the control account at that of the whole liability.
 * @param unit sub-ledger units of a minor unit.
 */
export function journal(movements: readonly MovementRow[], from: string, to: string, unit: bigint): string[] {
  const lines: string[] = [];
  const groups = new Map<string, bigint>();
  let shortfall = 0n;
  const counted = movements.filter(
    ({ code, liability, postedOn }) => code && liability !== 0n && postedOn <= to,
  );
  for (const day of [...new Set(counted.map(({ postedOn }) => postedOn))].sort()) {
    const before = new Map(groups);
    for (const movement of counted) {
      if (movement.postedOn !== day || movement.code === 'E19') continue;
      const mirrored =
        movement.from === 'cancelled' ? 'forfeit' : movement.cause === 'undo' ? 'undo' : 'credit';
      const code = movement.code === 'E24' ? `E24 ${mirrored}` : movement.code;
      const name = `${code}|${movement.manual}`;
      groups.set(name, (groups.get(name) ?? 0n) + movement.liability);
    }
    const whole = halfUp(
      [...groups.values()].reduce((total, amount) => total + amount, 0n),
      unit,
    );
    const posted = [...groups.values()].reduce((total, amount) => total + halfUp(amount, unit), 0n);
    const documents = [...groups].map(([name, amount]) => {
      const [code = '', manual = ''] = name.split('|');
      return { code, manual, amount: halfUp(amount, unit) - halfUp(before.get(name) ?? 0n, unit) };
    });
    documents.push({ code: 'ROUNDING', manual: 'false', amount: whole - posted - shortfall });
    shortfall = whole - posted;
    if (day < from) continue;
    for (const { code, manual, amount } of documents) {
      if (amount === 0n) continue;
      const role = code === 'ROUNDING' ? 'ROUNDING' : AGAINST[code];
      lines.push(`${day} ${code.split(' ')[0]} ${manual} ${role} ${amount}`);
      lines.push(`${day} ${code.split(' ')[0]} ${manual} CL_POINTS ${-amount}`);
    }
  }
  return lines.sort();
}

/** What breaks the rules of the ledger, movement by movement and lot by lot; nothing where all holds. */
export function faults(
  movements: readonly MovementRow[],
  lots: ReadonlyMap<string, LotRow>,
  postingDate: (movement: MovementRow, moved: Moved) => string,
): string[] {
  const found: string[] = [];
  const of = new Map<
    string,
    { readonly buckets: Map<string, bigint>; owed: bigint; carried: bigint } & Moved
  >();
  const debts = new Map<string, Moved>();
  for (const movement of movements) {
    const name = `${movement.account} ${movement.sequence} ${movement.from}>${movement.to} ${movement.cause}`;
    const { lot: id, from, to, points } = movement;
    const debt = debts.get(movement.account) ?? { movedOn: '' };
    debts.set(movement.account, debt);
    const fills = to === 'settled' || from === 'debt';
    const lot = id === null ? undefined : lots.get(id);
    const state = of.get(id ?? '') ?? {
      buckets: new Map<string, bigint>(),
      owed: 0n,
      carried: 0n,
      movedOn: '',
    };
    if (id === null) state.movedOn = '';
    const latest = fills && debt.movedOn > state.movedOn ? debt.movedOn : state.movedOn;
    const day = postingDate(movement, { movedOn: latest });
    if (day !== movement.postedOn) found.push(`${name}: posted on ${movement.postedOn}, not ${day}`);
    if (to === 'debt' || from === 'settled') if (day > debt.movedOn) debt.movedOn = day;
    if (id === null) {
      if (movement.code !== null || movement.liability !== 0n) found.push(`${name}: a debt has money`);
      continue;
    }
    if (!lot) {
      found.push(`${name}: no lot`);
      continue;
    }
    of.set(id, state);
    if (from !== 'issued') state.buckets.set(from, (state.buckets.get(from) ?? 0n) - points);
    if (from !== 'issued' && (state.buckets.get(from) ?? 0n) < 0n) found.push(`${name}: less than nothing`);
    state.buckets.set(to, (state.buckets.get(to) ?? 0n) + points);
    state.owed += change(movement);
    const carried = lot.allocated - halfUp(lot.allocated * (lot.points - state.owed), lot.points);
    if (carried - state.carried !== movement.liability)
      found.push(`${name}: ${movement.liability}, not ${carried - state.carried}`);
    state.carried = carried;
    state.movedOn = movement.postedOn;
    const code = expectedCode(movement, lot);
    if (code !== movement.code) found.push(`${name}: ${movement.code}, not ${code}`);
  }
  for (const lot of lots.values()) {
    const state = of.get(lot.id);
    for (const [bucket, points] of Object.entries(lot.buckets))
      if ((state?.buckets.get(bucket) ?? 0n) !== points) found.push(`${lot.id}: ${bucket} is ${points}`);
  }
  return found;
}

/** The posting date of what moved the same points last, or '' where there is none. */
export interface Moved {
  movedOn: string;
}

/** A sale's price by what its lots say they were worked out from, sub-ledger units. */
export interface Priced {
  readonly price: bigint;
  readonly goods: bigint;
  readonly points: bigint;
}

/**
 * What the points of a sale carry: `HU(TP * S / (G + S))` with `S` of points at 1, used nine times in ten, 5 % tax in
 * the value: 6 / 7 of a major unit each.
 * @param major sub-ledger units of a major unit.
 */
export function allocation({ price, goods, points }: Priced, major: bigint): bigint {
  const ssp = 6n * points * major;
  return halfUp(price * ssp, 7n * goods + ssp);
}

/** A fraction of minor units. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

interface Line {
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly commissionMinor?: number;
  readonly revenue?: string;
}

/** A receipt's price without tax, exactly: what tenders of points and coupons pay lowers `own` lines in proportion. */
export function priceOf(
  lines: readonly Line[],
  discounts: readonly { readonly amountMinor: number }[],
): Fraction {
  const own = lines.filter(({ revenue }) => revenue === undefined);
  const sum = (items: readonly number[]) => BigInt(items.reduce((total, each) => total + each, 0));
  const gross = sum(own.map(({ amountMinor }) => amountMinor));
  const net = gross - sum(own.map(({ taxMinor }) => taxMinor));
  const off = sum(discounts.map(({ amountMinor }) => amountMinor));
  const commissions = sum(lines.map(({ commissionMinor = 0 }) => commissionMinor));
  const d = gross === 0n ? 1n : gross;
  return { n: net * (gross - off) + commissions * d, d };
}

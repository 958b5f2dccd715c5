import { idToUuid, uuidToId, type MemberId, type ProgrammeId } from '../../kernel/ids.js';
import type { LocalDate } from '../../kernel/time.js';
import type { Row } from '../../platform/database/row.js';
import { readMeasures, type ReceiptMeasure, receiptMeasures } from '../../ledger/index.js';
import { compare, type Check, type Difference, type Subject } from './difference.js';

/**
 * A page of receipts, each with the lots it says it opened that are not there, or are another receipt's. Each lot is one
 * look at the primary key: as a join it would depend on the planner whether all lots of an account are read for each of
 * its receipts.
 */
export const RECEIPTS = `SELECT p.purchase_id, p.account_id,
    (SELECT json_agg(x.lot_id ORDER BY x.lot_id) FROM json_array_elements_text(p.lot_ids) AS x(lot_id)
      WHERE (SELECT l.purchase_id FROM lots l WHERE l.account_id = p.account_id AND l.lot_id = x.lot_id::uuid)
        IS DISTINCT FROM p.purchase_id) AS missing
  FROM (SELECT b.purchase_id, b.account_id, b.lot_ids FROM purchases b
    JOIN accounts a ON a.account_id = b.account_id
    WHERE ($1::uuid IS NULL OR a.programme_id = $1) AND ($2::uuid IS NULL OR b.purchase_id > $2)
    ORDER BY b.purchase_id LIMIT $3) p
  ORDER BY p.purchase_id`;

/** The next receipt of a page, and the next member, by their ids alone. */
export const NEXT_RECEIPT = `SELECT b.purchase_id FROM purchases b JOIN accounts a ON a.account_id = b.account_id
  WHERE ($1::uuid IS NULL OR a.programme_id = $1) AND ($2::uuid IS NULL OR b.purchase_id > $2)
  ORDER BY b.purchase_id LIMIT 1`;
export const NEXT_MEMBER = `SELECT m.member_id FROM members m
  WHERE ($1::uuid IS NULL OR m.programme_id = $1) AND ($2::uuid IS NULL OR m.member_id > $2)
  ORDER BY m.member_id LIMIT 1`;

/** What is wrong with a receipt. */
export function checkReceipt(row: Row): readonly Difference[] {
  const missing = (row['missing'] ?? []) as string[];
  return missing.map((lotId) => ({
    purchaseId: uuidToId('pur', row['purchase_id'] as string),
    accountId: uuidToId('acc', row['account_id'] as string),
    lotId: uuidToId('lot', lotId),
    check: 'purchase.lots',
    expected: 'a lot of the receipt',
    actual: 'none',
  }));
}

/**
 * A page of members with the measures that their receipts give, and the measures that are counted. Measures of
 * members that were merged into them later are separate: the members' own days hold what was counted then.
 */
export const MEASURES = `WITH page AS MATERIALIZED (
    SELECT m.member_id, m.home_account_id, m.merged_into FROM members m
    WHERE ($1::uuid IS NULL OR m.programme_id = $1) AND ($2::uuid IS NULL OR m.member_id > $2)
    ORDER BY m.member_id LIMIT $3)
  SELECT p.member_id, p.merged_into IS NOT NULL AS merged, own.receipts AS own, taken.receipts AS taken,
    (SELECT json_agg(json_build_array(d.day::text, d.spend_minor, d.points, d.visits, d.status)) FROM qualifying_days d
      WHERE d.account_id = p.home_account_id AND d.member_id = p.member_id) AS counted,
    (SELECT json_agg(json_build_array(y.year, y.spend_minor, y.points, y.purchases, y.visits, y.status)) FROM qualifying_years y
      WHERE y.account_id = p.home_account_id AND y.member_id = p.member_id) AS years
  FROM page p
  LEFT JOIN (${receiptMeasures('SELECT p.member_id, p.member_id AS buyer FROM page p', always)}) own
    ON own.member_id = p.member_id
  LEFT JOIN (${receiptMeasures(
    'SELECT p.member_id, d.member_id AS buyer FROM page p JOIN members d ON d.merged_into = p.member_id',
    always,
  )}) taken ON taken.member_id = p.member_id
  ORDER BY p.member_id`;

function always(): string {
  return 'true';
}

type Counted = readonly [day: LocalDate, spendMinor: number, points: number, visits: number, status: number];

/**
 * Differences in a member's measures. Members that were merged into another are skipped: their days no longer count.
 */
export function checkMeasures(row: Row): readonly Difference[] {
  if (row['merged'] === true) return [];
  const memberId = uuidToId('mbr', row['member_id'] as string);
  const own = readMeasures({ receipts: row['own'] });
  const taken = readMeasures({ receipts: row['taken'] });
  const counted = new Map(((row['counted'] ?? []) as Counted[]).map((entry) => [entry[0], entry]));
  const days = [...new Set([...own.keys(), ...counted.keys()])].sort().flatMap((day) => {
    const [mine, theirs] = [own.get(day), taken.get(day)];
    const [, spend, points, visits, status] = counted.get(day) ?? [day, 0, 0, 0, 0];
    const differing = (check: Check, of: (measure: ReceiptMeasure) => number, actual: number) => {
      const expected = mine ? of(mine) : 0;
      const withTheirs = expected + (theirs ? of(theirs) : 0);
      return actual === withTheirs ? [] : compare({ memberId, day }, check, expected, actual);
    };
    return [
      ...differing('qualifyingDay.spend', ({ spendMinor }) => spendMinor, spend),
      ...checkVisits({ memberId, day }, visits, mine, theirs),
      ...differing('qualifyingDay.points', ({ points: earned }) => earned, points),
      ...differing('qualifyingDay.status', ({ status: given }) => given, status),
    ];
  });
  return [...days, ...checkYears(memberId, row['years'] as readonly Totals[] | null, [...counted.values()])];
}

type Totals = readonly [
  year: number,
  spendMinor: number,
  points: number,
  purchases: number,
  visits: number,
  status: number,
];

/** Totals of years that are kept are those of all days of the year, and all years are there; none has any elsewhere. */
function checkYears(
  memberId: MemberId,
  years: readonly Totals[] | null,
  days: readonly Counted[],
): readonly Difference[] {
  if (years === null) return [];
  const sums = new Map<number, [number, number, number, number, number]>();
  for (const [day, spend, points, visits, status] of days) {
    const year = Number(day.slice(0, 4));
    const [spent, earned, purchases, visited, given] = sums.get(year) ?? [0, 0, 0, 0, 0];
    const visit = visits > 0 ? 1 : 0;
    sums.set(year, [spent + spend, earned + points, purchases + visits, visited + visit, given + status]);
  }
  const kept = new Map(years.map(([year, ...totals]) => [year, totals.join(' ')]));
  return [...new Set([...sums.keys(), ...kept.keys()])]
    .sort()
    .flatMap((year) =>
      compare(
        { memberId, day: `${year}-01-01` },
        'qualifyingYear.totals',
        (sums.get(year) ?? [0, 0, 0, 0, 0]).join(' '),
        kept.get(year) ?? 'none',
      ),
    );
}

/** A receipt whose money is back is a visit or none, by whether goods are left; so are those of a merged member. */
function checkVisits(
  subject: Subject,
  actual: number,
  mine: ReceiptMeasure | undefined,
  theirs: ReceiptMeasure | undefined,
): readonly Difference[] {
  const least = mine?.visits ?? 0;
  const most = least + (mine?.doubtful ?? 0) + (theirs ? theirs.visits + theirs.doubtful : 0);
  if (actual >= least && actual <= most) return [];
  return compare(subject, 'qualifyingDay.visits', least === most ? least : `${least} to ${most}`, actual);
}

/** The values of a page: the programme, or null for all; the last row of the page before; how many. */
export function pageValues(programmeId: ProgrammeId | null, after: string | null, limit: number): unknown[] {
  return [programmeId === null ? null : idToUuid(programmeId), after, limit];
}

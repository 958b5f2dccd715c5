import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import { sha256Hex } from '../kernel/sha256.js';
import { startOfPeriod, type Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { GroupSum, GroupTotal, JournalBasis } from './domain/journal.js';
import type { DayRange } from './report-range.js';

/** The event code of a movement `m`; of a correction with what it mirrors, whose account it posts to. */
const MIRRORED = `CASE WHEN m.event_code <> 'E24' THEN m.event_code
        WHEN m.from_bucket = 'cancelled' THEN 'E24 E15' WHEN m.cause_type = 'undo' THEN 'E24 E01' ELSE 'E24 E03' END`;

/** Whether a movement `m` was made by hand: by an adjustment, or by the return that an adjustment carried out. */
const BY_HAND = `(m.cause_type = 'adjustment' OR (m.cause_type = 'return'
        AND m.cause_id IN (SELECT r.return_id FROM returns r WHERE r.adjustment_id IS NOT NULL)))`;

/**
 * One statement, so opening and movements are of one moment. A null day is what was posted before the range, in the
 * years before (`$4` is the first day of the range's year) and since. What ends with a day takes effect at the first
 * instant after it, which is still that day in the books. A movement that posts nothing is behind no line.
 */
const TOTALS = `SELECT x.day, x.earlier_year, x.event_code, x.manual, sum(x.liability) AS liability,
    count(*) AS movements, bit_xor(x.hash_bits) AS hash_bits, min(x.effective_at) AS effective_from,
    max(x.effective_at) AS effective_to
  FROM (
    SELECT CASE WHEN m.posting_date >= $2 THEN m.posting_date END AS day, m.posting_date < $4 AS earlier_year,
      ${MIRRORED} AS event_code, ${BY_HAND} AS manual, m.liability,
      CASE WHEN m.posting_date >= $2 THEN ('x' || encode(m.hash, 'hex'))::bit(256) END AS hash_bits,
      CASE WHEN m.cause_type = 'expiry' OR (m.cause_type = 'activation' AND m.to_bucket = 'cancelled')
        THEN m.occurred_at - interval '1 millisecond' ELSE coalesce(m.effective_at, m.occurred_at) END AS effective_at
    FROM movements m JOIN accounts a ON a.account_id = m.account_id
    WHERE a.programme_id = $1 AND m.posting_date <= $3 AND m.event_code IS NOT NULL AND m.liability <> 0
      AND ($5::timestamptz IS NULL OR m.recorded_at <= $5)) x
  GROUP BY x.day, x.earlier_year, x.event_code, x.manual`;

/** The movements behind one group of one day. */
export interface JournalSource extends GroupTotal {
  readonly movements: number;
  /**
   * SHA-256 over the number of movements and the exclusive-or of their chain hashes: it needs no order and no
   * memory, so it can be worked out over any number of them. What guards a single movement is its chain.
   */
  readonly hash: string;
  readonly effectiveFrom: Instant;
  readonly effectiveTo: Instant;
}

/** What the entries of a range follow from, with what is behind each total. */
export interface JournalSources extends JournalBasis {
  readonly totals: readonly JournalSource[];
}

@Injectable()
export class JournalQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * Sub-ledger sums by posting date and group over days that are both included, as far as they were known by
   * `knownAt`, or are known.
   */
  async sources(
    programmeId: ProgrammeId,
    { from, to }: DayRange,
    knownAt: Instant | null,
  ): Promise<JournalSources> {
    const known = knownAt === null ? null : new Date(knownAt);
    const values = [idToUuid(programmeId), from, to, startOfPeriod(from, 'year'), known];
    const rows = await this.dataSource.query<Row[]>(TOTALS, values);
    const before = rows.filter((row) => row['day'] === null);
    return {
      from,
      beforeYear: before.filter((row) => row['earlier_year'] === true).map(groupSum),
      beforeRange: before.filter((row) => row['earlier_year'] === false).map(groupSum),
      totals: rows.filter((row) => row['day'] !== null).map(source),
    };
  }
}

function groupSum(row: Row): GroupSum {
  return {
    eventCode: row['event_code'] as string,
    manual: row['manual'] as boolean,
    liability: BigInt(row['liability'] as string),
  };
}

function source(row: Row): JournalSource {
  const movements = Number(row['movements']);
  const combined = BigInt(`0b${row['hash_bits'] as string}`)
    .toString(16)
    .padStart(64, '0');
  return {
    ...groupSum(row),
    postingDate: row['day'] as string,
    movements,
    hash: sha256Hex(`${movements}|${combined}`),
    effectiveFrom: (row['effective_from'] as Date).getTime(),
    effectiveTo: (row['effective_to'] as Date).getTime(),
  };
}

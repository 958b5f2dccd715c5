import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import { sha256Hex } from '../kernel/sha256.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/pipeline/slice.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { addToBalances, NO_BALANCES, type Balances, type EventTotal } from './domain/journal.js';

/**
 * One statement, so opening and movements are of one moment. A null day is all that was posted before. What ends
 * with a day takes effect at the first instant after it, which is still that day in the books.
 */
const TOTALS = `SELECT x.day, x.event_code, x.manual, sum(x.liability) AS liability, count(*) AS movements,
    bit_xor(x.hash_bits) AS hash_bits, min(x.effective_at) AS effective_from, max(x.effective_at) AS effective_to
  FROM (
    SELECT CASE WHEN m.posting_date >= $2 THEN m.posting_date END AS day, m.event_code,
      m.cause_type = 'adjustment' AS manual, m.liability,
      CASE WHEN m.posting_date >= $2 THEN ('x' || encode(m.hash, 'hex'))::bit(256) END AS hash_bits,
      CASE WHEN m.cause_type = 'expiry' OR (m.cause_type = 'activation' AND m.to_bucket = 'cancelled')
        THEN m.occurred_at - interval '1 millisecond' ELSE m.occurred_at END AS effective_at
    FROM movements m JOIN accounts a ON a.account_id = m.account_id
    WHERE a.programme_id = $1 AND m.posting_date <= $3 AND m.event_code IS NOT NULL) x
  GROUP BY x.day, x.event_code, x.manual`;

/** The movements behind one event code of one day, those by hand apart from the others. */
export interface JournalSource extends EventTotal {
  readonly movements: number;
  /**
   * SHA-256 over the number of movements and the exclusive-or of their chain hashes: it needs no order and no
   * memory, so it can be worked out over any number of them. What guards a single movement is its chain.
   */
  readonly hash: string;
  readonly effectiveFrom: Instant;
  readonly effectiveTo: Instant;
}

export interface JournalSources {
  /** Exact balances at the end of the day before the first. */
  readonly opening: Balances;
  readonly sources: readonly JournalSource[];
}

@Injectable()
export class JournalQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Sub-ledger sums by posting date and event code over days that are both included. */
  async sources(programmeId: ProgrammeId, firstDay: LocalDate, lastDay: LocalDate): Promise<JournalSources> {
    const rows = await this.dataSource.query<Row[]>(TOTALS, [idToUuid(programmeId), firstDay, lastDay]);
    const opening = rows
      .filter((row) => row['day'] === null)
      .reduce<Balances>(
        (sum, row) => addToBalances(sum, row['event_code'] as string, money(row)),
        NO_BALANCES,
      );
    return { opening, sources: rows.filter((row) => row['day'] !== null).map(source) };
  }
}

function source(row: Row): JournalSource {
  const movements = Number(row['movements']);
  const combined = BigInt(`0b${row['hash_bits'] as string}`)
    .toString(16)
    .padStart(64, '0');
  return {
    postingDate: row['day'] as string,
    eventCode: row['event_code'] as string,
    manual: row['manual'] as boolean,
    liability: money(row),
    movements,
    hash: sha256Hex(`${movements}|${combined}`),
    effectiveFrom: (row['effective_from'] as Date).getTime(),
    effectiveTo: (row['effective_to'] as Date).getTime(),
  };
}

function money(row: Row): bigint {
  return BigInt(row['liability'] as string);
}

import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type ProgrammeId } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';

export const TERMINAL_FINDINGS = ['gap', 'duplicate'] as const;

/** Receipts named in a finding at most. */
export const MAX_NAMED_RECEIPTS = 10;

/** Where a page begins: behind the finding that begins with this number of this terminal. */
export interface AfterFinding {
  readonly terminalId: string;
  readonly first: number;
}

/** The receipts that are looked through, by their business days, both included. */
export interface TerminalRange {
  readonly source: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly terminalId: string | null;
  readonly after: AfterFinding | null;
  readonly limit: number;
}

/** Numbers that are missing between two receipts, or one that several receipts carry. */
export interface TerminalFinding {
  readonly kind: (typeof TERMINAL_FINDINGS)[number];
  readonly source: string;
  readonly terminalId: string;
  readonly first: number;
  readonly last: number;
  readonly numbers: number;
  readonly receipts: number;
  /** Of a gap the receipts before and after it; of a duplicate those that carry the number, ten at most. */
  readonly purchaseIds: readonly string[];
}

const FINDINGS = `WITH carried AS (
    SELECT t.terminal_id, t.terminal_sequence, count(*) AS receipts,
      (array_agg(t.purchase_id ORDER BY t.purchase_id))[1:${MAX_NAMED_RECEIPTS}] AS named
    FROM terminal_receipts t JOIN accounts a ON a.account_id = t.account_id
    WHERE a.programme_id = $1 AND t.source = $2 AND t.business_date >= $3::date AND t.business_date <= $4::date
      AND ($5::text IS NULL OR t.terminal_id = $5) AND ($6::text IS NULL OR t.terminal_id >= $6)
    GROUP BY t.terminal_id, t.terminal_sequence),
  beside AS (
    SELECT c.*, lead(c.terminal_sequence) OVER w AS next_sequence, lead(c.named) OVER w AS next_named
    FROM carried c WINDOW w AS (PARTITION BY c.terminal_id ORDER BY c.terminal_sequence)),
  found AS (
    SELECT 'duplicate' AS kind, b.terminal_id, b.terminal_sequence AS first, b.terminal_sequence AS last,
      b.receipts, b.named
    FROM beside b WHERE b.receipts > 1
    UNION ALL
    SELECT 'gap', b.terminal_id, b.terminal_sequence + 1, b.next_sequence - 1, 0,
      ARRAY[b.named[1], b.next_named[1]]
    FROM beside b WHERE b.next_sequence > b.terminal_sequence + 1)
  SELECT f.kind, f.terminal_id, f.first, f.last, f.receipts, f.named FROM found f
  WHERE $6::text IS NULL OR (f.terminal_id, f.first) > ($6, $7::bigint)
  ORDER BY f.terminal_id, f.first LIMIT $8`;

/** What is missing among the numbers that the terminals of a source gave their receipts, and what is there twice. */
@Injectable()
export class TerminalSequenceQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Findings by terminal and number; no two of a terminal begin with the same number. */
  async findings(programmeId: ProgrammeId, range: TerminalRange): Promise<readonly TerminalFinding[]> {
    const { source, from, to, terminalId, after, limit } = range;
    const rows = await this.dataSource.query<Row[]>(FINDINGS, [
      ...[idToUuid(programmeId), source, from, to, terminalId],
      ...[after?.terminalId ?? null, after?.first ?? null, limit],
    ]);
    return rows.map((row) => {
      const [first, last] = [Number(row['first']), Number(row['last'])];
      return {
        kind: row['kind'] as TerminalFinding['kind'],
        source,
        terminalId: row['terminal_id'] as string,
        first,
        last,
        numbers: last - first + 1,
        receipts: Number(row['receipts']),
        purchaseIds: (row['named'] as string[]).map((id) => uuidToId('pur', id)),
      };
    });
  }
}

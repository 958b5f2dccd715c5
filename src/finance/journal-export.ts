import { formatMinor } from '../kernel/money.js';
import { sha256Hex } from '../kernel/sha256.js';
import { endOfDay, localDate, type LocalDate } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { accountingPolicyFor } from './accounting-policy.kind.js';
import { ControlledRows, trailer } from './control-totals.js';
import { BYTE_ORDER_MARK, csvRows, type Cell } from './csv.js';
import { DEFAULT_CHART, EVENT_POSTINGS, type Language } from './domain/chart-of-accounts.js';
import { journalEntries, ROUNDING, type JournalEntry, type JournalLine } from './domain/journal.js';
import type { JournalSource, JournalSources } from './journal.query.js';

export interface JournalRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** One line of the canonical export (accounting model 4.1), in its order of columns. */
export interface JournalRecord {
  readonly batchId: string;
  readonly entryId: string;
  readonly lineNo: number;
  readonly entity: string | null;
  readonly ledger: string;
  readonly postingDate: LocalDate;
  readonly period: string;
  readonly effectiveFrom: LocalDate;
  readonly effectiveTo: LocalDate;
  readonly eventCode: string;
  readonly accountRole: string;
  readonly accountCode: string;
  /** Major units of `currency` at its minor unit's digits. */
  readonly debit: string;
  readonly credit: string;
  readonly currency: string;
  readonly fxRate: string;
  readonly functionalDebit: string;
  readonly functionalCredit: string;
  readonly dims: Readonly<Record<string, string>>;
  readonly memo: string;
  /** Movements behind the line's event code on the day, and a hash over them. */
  readonly sourceCount: number;
  readonly sourceHash: string | null;
  readonly reversesEntryId: string | null;
  /** Whether the line comes of adjustments, which somebody made (ISA 240). */
  readonly manual: boolean;
  readonly late: boolean;
  readonly policyVersion: number | null;
  /** A contract liability is not monetary: no period-end revaluation (IFRIC 22). */
  readonly monetary: boolean;
}

export interface JournalControl {
  readonly lines: number;
  readonly debit: string;
  readonly credit: string;
  /** Over the CSV rows of the same export. */
  readonly sha256: string;
}

export interface JournalExport {
  readonly batchId: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly currency: string;
  readonly lines: readonly JournalRecord[];
  readonly control: JournalControl;
}

const LEDGER = 'IFRS';

const ROUNDING_MEMO: Readonly<Record<Language, string>> = {
  en: 'Rounding remainder carried forward',
  'zh-Hant': '尾差結轉',
};

const COLUMNS: readonly (readonly [column: string, field: keyof JournalRecord])[] = [
  ['batch_id', 'batchId'],
  ['entry_id', 'entryId'],
  ['line_no', 'lineNo'],
  ['entity', 'entity'],
  ['ledger', 'ledger'],
  ['posting_date', 'postingDate'],
  ['period', 'period'],
  ['effective_from', 'effectiveFrom'],
  ['effective_to', 'effectiveTo'],
  ['event_code', 'eventCode'],
  ['account_role', 'accountRole'],
  ['account_code', 'accountCode'],
  ['debit', 'debit'],
  ['credit', 'credit'],
  ['currency', 'currency'],
  ['fx_rate', 'fxRate'],
  ['functional_debit', 'functionalDebit'],
  ['functional_credit', 'functionalCredit'],
  ['dims', 'dims'],
  ['memo', 'memo'],
  ['source_count', 'sourceCount'],
  ['source_hash', 'sourceHash'],
  ['reverses_entry_id', 'reversesEntryId'],
  ['manual', 'manual'],
  ['late', 'late'],
  ['policy_version', 'policyVersion'],
  ['monetary', 'monetary'],
];

/**
 * The general ledger journal of a range of days. Ids are made of what they name, so exporting the same range
 * twice gives the same bytes as long as the movements behind it are the same.
 */
export function exportJournal(
  config: ConfigSnapshot,
  range: JournalRange,
  { opening, sources }: JournalSources,
  language: Language,
): JournalExport {
  const batchId = `JB-${compact(range.from)}-${compact(range.to)}-${shortHash([config.programmeId, range.from, range.to])}`;
  const entries = journalEntries(opening, sources);
  const lines = entries.flatMap((entry) => {
    const ofDay = sources.filter(({ postingDate }) => postingDate === entry.postingDate);
    return entryRecords(config, batchId, entry, ofDay, language);
  });
  const all = entries.flatMap((entry) => entry.lines);
  const rows = new ControlledRows();
  rows.write(lines.map(cells));
  const control = {
    lines: lines.length,
    debit: formatMinor(
      all.reduce((sum, { debit }) => sum + debit, 0n),
      config.currency,
    ),
    credit: formatMinor(
      all.reduce((sum, { credit }) => sum + credit, 0n),
      config.currency,
    ),
    sha256: rows.sha256(),
  };
  return { batchId, ...range, currency: config.currency, lines, control };
}

export function journalCsv({ lines, control }: JournalExport): string {
  const header = csvRows([COLUMNS.map(([column]) => column)]);
  return BYTE_ORDER_MARK + header + csvRows(lines.map(cells)) + trailer({ ...control });
}

function entryRecords(
  config: ConfigSnapshot,
  batchId: string,
  { postingDate, lines }: JournalEntry,
  sources: readonly JournalSource[],
  language: Language,
): JournalRecord[] {
  const { currency, timeZone, programmeId } = config;
  const policy = accountingPolicyFor(config, endOfDay(postingDate, timeZone) - 1);
  const entity = policy?.body.entity ?? null;
  const entryId = `JE-${compact(postingDate)}-${shortHash([programmeId, entity ?? '', currency, postingDate])}`;
  return lines.map((line, index): JournalRecord => {
    const source = sources.find(
      ({ eventCode, manual }) => eventCode === line.eventCode && manual === line.manual,
    );
    const debit = formatMinor(line.debit, currency);
    const credit = formatMinor(line.credit, currency);
    return {
      batchId,
      entryId,
      lineNo: index + 1,
      entity,
      ledger: LEDGER,
      postingDate,
      period: postingDate.slice(0, 7),
      effectiveFrom: source ? localDate(source.effectiveFrom, timeZone) : postingDate,
      effectiveTo: source ? localDate(source.effectiveTo, timeZone) : postingDate,
      eventCode: line.eventCode,
      accountRole: line.role,
      accountCode: policy?.body.accounts[line.role] ?? DEFAULT_CHART[line.role].code,
      debit,
      credit,
      currency,
      // A programme keeps its books in its own currency; translation belongs to the group.
      fxRate: '1',
      functionalDebit: debit,
      functionalCredit: credit,
      dims: {},
      memo: memo(line, language),
      sourceCount: source?.movements ?? 0,
      sourceHash: source?.hash ?? null,
      reversesEntryId: null,
      manual: line.manual,
      late: false,
      policyVersion: policy?.version ?? null,
      monetary: false,
    };
  });
}

function memo({ eventCode }: JournalLine, language: Language): string {
  if (eventCode === ROUNDING) return ROUNDING_MEMO[language];
  return EVENT_POSTINGS.find(({ code }) => code === eventCode)?.memo[language] ?? eventCode;
}

function cells(record: JournalRecord): Cell[] {
  return COLUMNS.map(([, field]) => {
    const value = record[field];
    return value !== null && typeof value === 'object' ? JSON.stringify(value) : value;
  });
}

function compact(day: LocalDate): string {
  return day.replaceAll('-', '');
}

/** Twelve hex digits: enough to tell programmes apart, short enough for an ERP's reference field. */
function shortHash(parts: readonly string[]): string {
  return sha256Hex(parts.join('|')).slice(0, 12);
}

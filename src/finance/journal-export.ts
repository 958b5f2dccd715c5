import { formatMinor } from '../kernel/money.js';
import { sha256Hex } from '../kernel/sha256.js';
import { formatInstant, localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { isLate } from '../ledger/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { ACCOUNTING_POLICY_KEY, accountingPolicyKind } from './accounting-policy.kind.js';
import { ControlledRows, trailer } from './control-totals.js';
import { BYTE_ORDER_MARK, csvRows, type Cell } from './csv.js';
import { accountsOf, policyChanges, policyOfDay, type PolicyVersion } from './domain/account-codes.js';
import { EVENT_POSTINGS, ROUNDING, shownCode, type Language } from './domain/chart-of-accounts.js';
import {
  journalEntries,
  RECLASSIFICATION,
  type EntryKind,
  type JournalEntry,
  type JournalLine,
} from './domain/journal.js';
import type { JournalSource, JournalSources } from './journal.query.js';
import type { DayRange } from './report-range.js';

/** What an export is of. */
export interface JournalScope extends DayRange {
  /** Null: as far as it is known now. */
  readonly knownAt: Instant | null;
  readonly now: Instant;
}

/** One line of the canonical export (docs/api.md#the-journal), in its order of columns. */
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
  /** Movements behind the line's group on the day, and a hash over them; none behind a document of our own. */
  readonly sourceCount: number;
  readonly sourceHash: string | null;
  readonly reversesEntryId: string | null;
  /** Whether the line comes of adjustments by hand (ISA 240). */
  readonly manual: boolean;
  /** Something behind the line happened in another month than the one it is posted in. */
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
  readonly knownAt: string | null;
  readonly currency: string;
  readonly lines: readonly JournalRecord[];
  readonly control: JournalControl;
}

const LEDGER = 'IFRS';

/** Memos of the documents that no movement is behind. */
const MEMOS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  [ROUNDING]: { en: 'Rounding to the exact liability', 'zh-Hant': '尾差調整' },
  [RECLASSIFICATION]: {
    en: 'Account code changed: balance carried over',
    'zh-Hant': '會計科目代碼變更,餘額重分類',
  },
};

/** What tells a document's id from that of the day's events. */
const ENTRY_MARK: Readonly<Record<EntryKind, readonly string[]>> = {
  events: [],
  rounding: [ROUNDING],
  reclassification: [RECLASSIFICATION],
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
  scope: JournalScope,
  basis: JournalSources,
  language: Language,
): JournalExport {
  const { from, to, currency } = { ...scope, currency: config.currency };
  const knownAt = scope.knownAt === null ? null : formatInstant(scope.knownAt);
  const batchOf = [config.programmeId, from, to, ...(knownAt === null ? [] : [knownAt])];
  const batchId = `JB-${compact(from)}-${compact(to)}-${shortHash(batchOf)}`;
  const policies = policyVersions(config);
  // A day that has not begun has no balance to carry over yet.
  const lastDay = localDate(scope.knownAt ?? scope.now, config.timeZone);
  const policyOn = (day: LocalDate) => policyOfDay(policies, day, config.timeZone, scope.knownAt);
  const entries = journalEntries(basis, {
    on: (day) => accountsOf(policyOn(day)),
    changes: policyChanges(
      policies,
      { from, to: to < lastDay ? to : lastDay },
      config.timeZone,
      scope.knownAt,
    ),
  });
  const lines = entries.flatMap((entry) =>
    entryRecords({ config, batchId, policy: policyOn(entry.postingDate), language }, entry, basis.totals),
  );
  const rows = new ControlledRows();
  rows.write(lines.map(cells));
  const all = entries.flatMap((entry) => entry.lines);
  const sum = (side: 'debit' | 'credit') =>
    formatMinor(
      all.reduce((total, line) => total + line[side], 0n),
      currency,
    );
  const control = { lines: lines.length, debit: sum('debit'), credit: sum('credit'), sha256: rows.sha256() };
  return { batchId, from, to, knownAt, currency, lines, control };
}

/** The published policies with what the books follow from. */
function policyVersions(config: ConfigSnapshot): (PolicyVersion & { readonly entity: string })[] {
  return config
    .versions(accountingPolicyKind, ACCOUNTING_POLICY_KEY)
    .map(({ version, effectiveAt, publishedAt = -Infinity, body: { entity, accounts } }) => ({
      ...{ version, effectiveAt, publishedAt, entity, accounts },
    }));
}

export function journalCsv({ lines, knownAt, control }: JournalExport): string {
  const header = csvRows([COLUMNS.map(([column]) => column)]);
  const totals = { ...control, ...(knownAt === null ? {} : { knownAt }) };
  return BYTE_ORDER_MARK + header + csvRows(lines.map(cells)) + trailer(totals);
}

interface Heading {
  readonly config: ConfigSnapshot;
  readonly batchId: string;
  readonly policy: ReturnType<typeof policyVersions>[number] | undefined;
  readonly language: Language;
}

function entryRecords(
  { config, batchId, policy, language }: Heading,
  { kind, postingDate, lines }: JournalEntry,
  sources: readonly JournalSource[],
): JournalRecord[] {
  const { currency, timeZone, programmeId } = config;
  const entity = policy?.entity ?? null;
  const names = [programmeId, entity ?? '', currency, postingDate, ...ENTRY_MARK[kind]];
  const entryId = `JE-${compact(postingDate)}-${shortHash(names)}`;
  return lines.map((line, index): JournalRecord => {
    const source = sources.find(
      (candidate) =>
        candidate.postingDate === postingDate &&
        candidate.eventCode === line.eventCode &&
        candidate.manual === line.manual,
    );
    const effectiveFrom = source ? localDate(source.effectiveFrom, timeZone) : postingDate;
    const effectiveTo = source ? localDate(source.effectiveTo, timeZone) : postingDate;
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
      effectiveFrom,
      effectiveTo,
      eventCode: shownCode(line.eventCode),
      accountRole: line.role,
      accountCode: line.accountCode,
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
      late: isLate(effectiveFrom, postingDate) || isLate(effectiveTo, postingDate),
      policyVersion: policy?.version ?? null,
      monetary: false,
    };
  });
}

function memo({ eventCode }: JournalLine, language: Language): string {
  const memos = MEMOS[eventCode] ?? EVENT_POSTINGS.find(({ code }) => code === eventCode)?.memo;
  return memos?.[language] ?? eventCode;
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

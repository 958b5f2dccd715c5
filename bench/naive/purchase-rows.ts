import { createHash } from 'node:crypto';
import { idToUuid } from '../../src/kernel/ids.js';
import { UuidV7Source } from '../../src/platform/ids/uuid-v7-source.js';
import type { Pattern } from '../limit/pattern.js';
import { ACCOUNTS, RowPlan, type PlannedColumn } from '../limit/row-plan.js';
import type { ReceiptDto } from './receipt.dto.js';
import { RowTemplate, type Making, type Row } from './row-template.js';

/** A locked account, and whose receipt it is. */
export interface Payer {
  readonly accountId: string;
  readonly memberId: string;
  /** Its row, with numbers as PostgreSQL's driver gives them. */
  readonly account: Row;
}

/** A row that grows by numbers where it is there, and is made where it is not. */
export interface Growth {
  readonly table: string;
  readonly key: Row;
  readonly added: Readonly<Record<string, number>>;
}

export interface PurchaseWork {
  /** Table by table, in the order they are written in. */
  readonly inserts: readonly { readonly table: string; readonly rows: readonly Row[] }[];
  readonly growths: readonly Growth[];
  /** The account's columns that change, with their new values. */
  readonly account: Row;
  /** JSON. */
  readonly answer: string;
}

interface Figures {
  readonly amountMinor: number;
  readonly taxMinor: number;
  /** Points of each lot. */
  readonly lots: readonly number[];
  readonly points: number;
}

const MINOR_PER_POINT = 1000;
/** So that a receipt that was recorded before is found out before anything else is written. */
const FIRST_TABLE = 'claims';
/** A point for each NT$10, and one more for each NT$10 of bakery. */
const RULES = 2;

/**
 * What there is to write for a receipt: the same rows in the same tables as the engine, whatever columns these have.
 * What the engine's rules, tiers and policies would have worked out stays as it was in the engine's own row, as large
 * and free of charge.
 */
export class PurchaseRows {
  private readonly inserted: readonly { readonly table: string; readonly rows: readonly RowTemplate[] }[];
  private readonly grown: readonly {
    readonly table: string;
    readonly key: RowTemplate;
    readonly numbers: RowTemplate;
  }[];
  private readonly accountColumns: readonly PlannedColumn[];
  private readonly accountConstants: Row;
  private readonly answer: Row;
  private readonly purchaseId: string;
  private readonly ids = new UuidV7Source({ now: () => Date.now() });

  constructor(pattern: Pattern) {
    const { tables } = new RowPlan(pattern);
    this.inserted = tables
      .filter(({ inserted }) => inserted.length > 0)
      .sort((a, b) => Number(b.name === FIRST_TABLE) - Number(a.name === FIRST_TABLE))
      .map(({ name, inserted }) => ({ table: name, rows: inserted.map((row) => new RowTemplate(row)) }));
    this.grown = tables
      .filter(({ name, changed }) => name !== ACCOUNTS && changed !== null)
      .map(({ name, key, changed }) => ({
        table: name,
        key: new RowTemplate((changed ?? []).filter((column) => key.includes(column.name))),
        numbers: new RowTemplate((changed ?? []).filter(({ cell }) => cell.kind === 'delta')),
      }));
    this.accountColumns = tables.find(({ name }) => name === ACCOUNTS)?.changed ?? [];
    this.accountConstants = new RowTemplate(this.accountColumns).constants;
    if (this.rowsOf('lots').length > RULES)
      throw new Error('the engine granted more lots than there are rules');
    const answer = this.rowsOf(FIRST_TABLE)[0]?.constants['answer'];
    this.answer = JSON.parse(typeof answer === 'string' ? answer : '{}') as Row;
    const purchase = tables.find(({ name }) => name === 'purchases')?.inserted[0] ?? [];
    const cell = purchase.find(({ name }) => name === 'purchase_id')?.cell;
    if (cell?.kind !== 'id') throw new Error('a purchase has no id of its own');
    this.purchaseId = cell.name;
  }

  of(receipt: ReceiptDto, { accountId, memberId, account }: Payer): PurchaseWork {
    const figures = this.figuresOf(receipt);
    const made = new Map<string, string>();
    const making: Making = {
      ...{ accountId, memberId, source: receipt.source, receiptNo: receipt.receiptNo, now: Date.now() },
      account: this.moved(account, figures),
      id: (name) => {
        const id = made.get(name) ?? idToUuid(this.ids.next('pur'));
        made.set(name, id);
        return id;
      },
    };
    const answer = this.answered(receipt, making, figures);
    const inserts = this.inserted.map(({ table, rows }) => ({
      table,
      rows: rows.map((template, index) => {
        const row = template.fill(making);
        return Object.assign(row, computed(table, index, row, { receipt, figures, answer }));
      }),
    }));
    return { inserts, growths: this.growths(making, figures), account: making.account, answer };
  }

  private rowsOf(table: string): readonly RowTemplate[] {
    return this.inserted.find((candidate) => candidate.table === table)?.rows ?? [];
  }

  private figuresOf({ lines }: ReceiptDto): Figures {
    let [amountMinor, bakeryMinor, taxMinor] = [0, 0, 0];
    for (const line of lines) {
      amountMinor += line.amountMinor;
      taxMinor += line.taxMinor ?? 0;
      if (line.category === 'bakery') bakeryMinor += line.amountMinor;
    }
    const lots = [amountMinor, bakeryMinor]
      .slice(0, this.rowsOf('lots').length)
      .map((minor) => Math.floor(minor / MINOR_PER_POINT));
    return { amountMinor, taxMinor, lots, points: lots.reduce((sum, lot) => sum + lot, 0) };
  }

  /** The account's changed columns after the purchase. */
  private moved(account: Row, { points }: Figures): Row {
    const after = { ...this.accountConstants };
    for (const { name, cell } of this.accountColumns) {
      if (cell.kind !== 'delta') continue;
      const earned = name === 'available' || name === 'lifetime_earned';
      after[name] = Number(account[name]) + (earned ? points : Number(cell.value));
    }
    return after;
  }

  private growths(making: Making, { amountMinor, points }: Figures): Growth[] {
    return this.grown.map(({ table, key, numbers }) => {
      const added = numbers.fill(making) as Record<string, number>;
      if (table === 'qualifying_days') Object.assign(added, { spend_minor: amountMinor, points });
      return { table, key: key.fill(making), added };
    });
  }

  private answered(receipt: ReceiptDto, { id, accountId, memberId, now }: Making, figures: Figures): string {
    return JSON.stringify({
      ...this.answer,
      id: id(this.purchaseId),
      memberId,
      accountId,
      source: receipt.source,
      receiptNo: receipt.receiptNo,
      occurredAt: receipt.occurredAt,
      recordedAt: new Date(now).toISOString(),
      pointsGranted: figures.points,
    });
  }
}

/** The columns that a program works out. */
function computed(
  table: string,
  index: number,
  row: Row,
  { receipt, figures, answer }: { receipt: ReceiptDto; figures: Figures; answer: string },
): Row {
  const points = figures.lots[index];
  switch (table) {
    case 'claims': {
      const fingerprint = createHash('sha256').update(JSON.stringify(receipt)).digest();
      return { fingerprint, target_fingerprint: fingerprint, answer };
    }
    case 'purchases':
      return {
        source: receipt.source,
        occurred_at: new Date(receipt.occurredAt),
        currency: receipt.currency,
        amount_minor: figures.amountMinor,
        tax_minor: figures.taxMinor,
        lines: receipt.lines,
        tenders: receipt.tenders ?? [],
      };
    case 'lots':
      return { points, available: points };
    case 'movements':
      return { points, hash: createHash('sha256').update(JSON.stringify(row)).digest() };
    default:
      return {};
  }
}

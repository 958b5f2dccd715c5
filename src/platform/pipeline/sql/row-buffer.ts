import { hash } from 'node:crypto';
import { writeIdBytes } from '../../../kernel/ids.js';
import type { ColumnType } from '../contract/table.js';
import type { RowType } from './row-type.js';

/** Type oids of PostgreSQL's own types, which are the same everywhere (pg_type.dat). */
const OID = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  int: 23,
  text: 25,
  json: 114,
  date: 1082,
  instant: 1184,
  numeric: 1700,
  uuid: 2950,
} as const;
const NULL = -1;

/** Array header: dimensions, null flag, element type, length, lower bound; four bytes each. */
const HEADER_BYTES = 20;
const START_BYTES = 16_384;
/** A buffer that a large batch grew beyond this is released after the batch. */
const KEPT_BYTES = 4_194_304;
/** PostgreSQL counts microseconds from 2000-01-01 (its `POSTGRES_EPOCH_JDATE`), JavaScript milliseconds from 1970. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const DAY_MS = 86_400_000;
const TWO_POW_32 = 4_294_967_296;
const NUMERIC_BASE = 10_000n;
const NUMERIC_NEGATIVE = 0x4000;
/** A SHA-256 digest. */
const LINK_BYTES = 32;
/** Texts up to this length are copied character by character, which is faster than a call into the runtime. */
const SHORT_TEXT = 40;

/**
 * Rows in PostgreSQL's binary format: an array of a composite type (`array_recv`, `record_recv`). Nothing is
 * escaped or printed here and nothing parsed there, which halves what a row costs on both sides (ADR 0009).
 */
export class RowBuffer {
  private bytes!: Buffer;
  private view!: DataView;
  private at = HEADER_BYTES;
  private count = 0;
  /** The place of the current row's length, which is known at its end. */
  private rowAt = 0;
  /** The start of the columns that `digest` covers. */
  private markedAt = 0;

  constructor(private readonly type: RowType) {
    this.use(Buffer.allocUnsafe(START_BYTES));
  }

  get rows(): number {
    return this.count;
  }

  /** Begins a row; `put` its columns in their order. */
  begin(): void {
    this.end();
    this.count += 1;
    this.reserve(8);
    this.rowAt = this.at;
    this.at += 4;
    this.int(this.type.columns.length);
  }

  /** Puts a value as the next column. @throws RangeError for an invalid id or date. */
  put(type: ColumnType, value: unknown): void {
    this.reserve(32);
    const present = value !== null && value !== undefined;
    switch (type) {
      case 'id':
        if (!this.head(OID.uuid, 16, present)) return;
        writeIdBytes(value as string, this.bytes, this.at);
        this.at += 16;
        return;
      case 'uuid':
        if (this.head(OID.uuid, 16, present)) this.hex((value as string).replaceAll('-', ''), 16);
        return;
      case 'text':
        if (this.head(OID.text, 0, present)) this.text(value as string);
        return;
      case 'json':
        if (this.head(OID.json, 0, present)) this.text(JSON.stringify(value));
        return;
      case 'int':
        if (this.head(OID.int, 4, present)) this.int(value as number);
        return;
      case 'bigint':
        if (this.head(OID.bigint, 8, present)) this.whole(value as number | bigint);
        return;
      case 'numeric':
        if (this.head(OID.numeric, 0, present)) this.numeric(value as bigint);
        return;
      case 'boolean':
        if (this.head(OID.boolean, 1, present)) this.bytes[this.at++] = value ? 1 : 0;
        return;
      case 'instant':
        if (this.head(OID.instant, 8, present)) this.instant(value as number | string);
        return;
      case 'date':
        if (this.head(OID.date, 4, present)) this.int(daysOf(value as string));
        return;
      case 'bytea': {
        const size = present ? (value as string).length >> 1 : 0;
        if (!this.head(OID.bytea, size, present)) return;
        this.reserve(size);
        this.hex(value as string, size);
      }
    }
  }

  /** `digest` covers the columns put from here on. */
  mark(): void {
    this.markedAt = this.at;
  }

  /**
   * SHA-256 over the columns put since `mark`, hex. In SQL: `sha256(substr(record_send(ROW(…)), 5))`.
   * @param previous the digest that the chain continues; it comes before the columns.
   */
  digest(previous?: string): string {
    const columns = this.bytes.subarray(this.markedAt, this.at);
    if (previous === undefined) return hash('sha256', columns, 'hex');
    // Hashed in one call: two pieces one after the other cost three times as much.
    this.reserve(LINK_BYTES + columns.length);
    this.bytes.write(previous, this.at, LINK_BYTES, 'hex');
    this.bytes.copyWithin(this.at + LINK_BYTES, this.markedAt, this.at);
    return hash('sha256', this.bytes.subarray(this.at, this.at + LINK_BYTES + columns.length), 'hex');
  }

  /**
   * The parameter. Valid until the next row begins: the driver copies it when it sends the statement.
   * @param oid of the composite type in this database.
   */
  finish(oid: number): Buffer {
    this.end();
    const { bytes, view } = this;
    view.setInt32(0, this.count === 0 ? 0 : 1);
    view.setInt32(4, 0);
    view.setUint32(8, oid);
    // An array without elements has no dimension to describe.
    if (this.count === 0) return bytes.subarray(0, 12);
    view.setInt32(12, this.count);
    view.setInt32(16, 1);
    return bytes.subarray(0, this.at);
  }

  /** Removes its rows. */
  clear(): void {
    this.at = HEADER_BYTES;
    this.count = 0;
    this.rowAt = 0;
    if (this.bytes.length > KEPT_BYTES) this.use(Buffer.allocUnsafe(START_BYTES));
  }

  private end(): void {
    if (this.count > 0) this.view.setInt32(this.rowAt, this.at - this.rowAt - 4);
  }

  /** A column's type and length. @returns whether a value follows. */
  private head(oid: number, size: number, present: boolean): boolean {
    this.view.setInt32(this.at, oid);
    this.view.setInt32(this.at + 4, present ? size : NULL);
    this.at += 8;
    return present;
  }

  private int(value: number): void {
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  private whole(value: number | bigint): void {
    if (typeof value === 'bigint') {
      this.view.setBigInt64(this.at, value);
    } else {
      this.view.setInt32(this.at, Math.floor(value / TWO_POW_32));
      this.view.setUint32(this.at + 4, value);
    }
    this.at += 8;
  }

  /** As `numeric_send` writes it: digits of base 10,000 without zeros at either end. */
  private numeric(value: bigint): void {
    const digits: number[] = [];
    for (let rest = value < 0n ? -value : value; rest > 0n; rest /= NUMERIC_BASE)
      digits.unshift(Number(rest % NUMERIC_BASE));
    const weight = Math.max(0, digits.length - 1);
    while (digits.at(-1) === 0) digits.pop();
    this.reserve(8 + 2 * digits.length);
    const start = this.at;
    for (const part of [digits.length, weight, value < 0n ? NUMERIC_NEGATIVE : 0, 0, ...digits]) {
      this.view.setUint16(this.at, part);
      this.at += 2;
    }
    this.view.setInt32(start - 4, this.at - start);
  }

  private instant(value: number | string): void {
    const millis = typeof value === 'string' ? Date.parse(value) : value;
    if (!Number.isSafeInteger(millis)) throw new RangeError(`not an instant: ${String(value)}`);
    this.whole(micros(millis - POSTGRES_EPOCH_MS));
  }

  private hex(text: string, size: number): void {
    const written = this.bytes.write(text, this.at, size, 'hex');
    if (written !== size) throw new RangeError(`not ${size} bytes in hex`);
    this.at += size;
  }

  /** The length of a text is known after the text is written, so it is filled in afterwards. */
  private text(value: string): void {
    // A UTF-16 code unit has at most three bytes of UTF-8.
    this.reserve(value.length * 3);
    const start = this.at;
    if (value.length > SHORT_TEXT || !this.ascii(value)) this.at += this.bytes.write(value, start, 'utf8');
    this.view.setInt32(start - 4, this.at - start);
  }

  /** @returns false when the text has other characters than ASCII's. */
  private ascii(value: string): boolean {
    const { bytes } = this;
    let at = this.at;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.at = at;
    return true;
  }

  private reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size));
    this.bytes.copy(larger, 0, 0, this.at);
    this.use(larger);
  }

  private use(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** A number where it is exact, which it is for a few centuries. */
function micros(millis: number): number | bigint {
  const product = millis * 1000;
  return Number.isSafeInteger(product) ? product : BigInt(millis) * 1000n;
}

/** Days since 2000-01-01; the same few days come again and again. */
const DAYS = new Map<string, number>();
const DAYS_LIMIT = 1_000;

function daysOf(day: string): number {
  const known = DAYS.get(day);
  if (known !== undefined) return known;
  const millis = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(millis)) throw new RangeError(`not a day: ${day}`);
  const days = (millis - POSTGRES_EPOCH_MS) / DAY_MS;
  if (DAYS.size >= DAYS_LIMIT) DAYS.clear();
  DAYS.set(day, days);
  return days;
}

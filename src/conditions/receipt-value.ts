import type { PurchaseFacts, PurchaseLine } from '../kernel/domain-events.js';
import { wordForm } from '../kernel/texts.js';
import { flagOf, numberOf, textOf, type Attributes } from './attributes.js';
import { DecimalValue } from './decimal-value.js';
import { MissingValueError } from './missing-value.js';

/** What has attributes of its own: `x.text("name")`, `x.number("name")`, `x.flag("name")`. */
abstract class Described {
  protected abstract readonly root: string;
  protected abstract readonly attributes: Attributes;

  text(name: string): string {
    return textOf(this.attributes, name);
  }

  /** @throws MissingValueError where the attribute is absent or no number. */
  number(name: string): DecimalValue {
    const value = numberOf(this.attributes, name);
    if (!value) throw new MissingValueError(`${this.root}.number("${name}")`);
    return value;
  }

  flag(name: string): boolean {
    return flagOf(this.attributes, name);
  }
}

/** `line` of a condition. Money in minor units; texts that are absent are "". */
export class LineValue extends Described {
  protected readonly root = 'line';

  constructor(private readonly line: PurchaseLine) {
    super();
  }

  protected get attributes(): Attributes {
    return this.line.attributes;
  }
  get sku(): string {
    return this.line.sku;
  }
  get category(): string {
    return word(this.line.category);
  }
  get brand(): string {
    return this.line.brand ?? '';
  }
  get amountMinor(): bigint {
    return BigInt(this.line.amountMinor);
  }
  get netMinor(): bigint {
    return BigInt(this.line.amountMinor - this.line.taxMinor);
  }
  get quantity(): DecimalValue {
    return DecimalValue.read(this.line.quantity) as DecimalValue;
  }
}

export type ReceiptFacts = Pick<PurchaseFacts, 'source' | 'channel' | 'lines' | 'tenders' | 'attributes'>;

/** `receipt` of a condition. Money in minor units, what the lines cost before points and coupons. */
export class ReceiptValue extends Described {
  protected readonly root = 'receipt';
  private known: readonly LineValue[] | null = null;

  constructor(private readonly receipt: ReceiptFacts) {
    super();
  }

  protected get attributes(): Attributes {
    return this.receipt.attributes;
  }
  get lines(): readonly LineValue[] {
    return (this.known ??= this.receipt.lines.map((line) => new LineValue(line)));
  }
  get source(): string {
    return this.receipt.source;
  }
  get channel(): string {
    return word(this.receipt.channel);
  }
  get amountMinor(): bigint {
    return sum(this.receipt.lines.map(({ amountMinor }) => amountMinor));
  }
  get netMinor(): bigint {
    return sum(this.receipt.lines.map(({ amountMinor, taxMinor }) => amountMinor - taxMinor));
  }
  get lineCount(): bigint {
    return BigInt(this.receipt.lines.length);
  }
  get categoryCount(): bigint {
    return BigInt(new Set(this.receipt.lines.map(({ category }) => word(category)).filter(Boolean)).size);
  }

  hasCategory(name: string): boolean {
    return this.receipt.lines.some(({ category }) => word(category) === wordForm(name));
  }

  amountOf(category: string): bigint {
    const lines = this.receipt.lines.filter((line) => word(line.category) === wordForm(category));
    return sum(lines.map(({ amountMinor }) => amountMinor));
  }

  paidWith(tender: string): bigint {
    const tenders = this.receipt.tenders.filter(({ type }) => wordForm(type) === wordForm(tender));
    return sum(tenders.map(({ amountMinor }) => amountMinor));
  }
}

function word(text: string | null): string {
  return text === null ? '' : wordForm(text);
}

function sum(amounts: readonly number[]): bigint {
  return amounts.reduce((total, amount) => total + BigInt(amount), 0n);
}

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
  /** Made once, for a condition may ask for each line, and every rule for the same. */
  private summed: Totals | null = null;

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
    return this.totals().amountMinor;
  }
  get netMinor(): bigint {
    return this.totals().netMinor;
  }
  get lineCount(): bigint {
    return BigInt(this.receipt.lines.length);
  }
  get categoryCount(): bigint {
    return this.totals().categoryCount;
  }

  hasCategory(name: string): boolean {
    return this.totals().byCategory.has(wordForm(name));
  }

  amountOf(category: string): bigint {
    return this.totals().byCategory.get(wordForm(category)) ?? 0n;
  }

  paidWith(tender: string): bigint {
    return this.totals().byTender.get(wordForm(tender)) ?? 0n;
  }

  private totals(): Totals {
    return (this.summed ??= totalsOf(this.receipt));
  }
}

/** What conditions ask of all lines together. */
interface Totals {
  readonly amountMinor: bigint;
  readonly netMinor: bigint;
  readonly categoryCount: bigint;
  readonly byCategory: ReadonlyMap<string, bigint>;
  readonly byTender: ReadonlyMap<string, bigint>;
}

function totalsOf({ lines, tenders }: ReceiptFacts): Totals {
  const byCategory = new Map<string, bigint>();
  const byTender = new Map<string, bigint>();
  let [amountMinor, netMinor] = [0n, 0n];
  for (const line of lines) {
    amountMinor += BigInt(line.amountMinor);
    netMinor += BigInt(line.amountMinor - line.taxMinor);
    add(byCategory, word(line.category), line.amountMinor);
  }
  for (const { type, amountMinor: paid } of tenders) add(byTender, wordForm(type), paid);
  const categoryCount = BigInt(byCategory.size - (byCategory.has('') ? 1 : 0));
  return { amountMinor, netMinor, categoryCount, byCategory, byTender };
}

function add(totals: Map<string, bigint>, key: string, amountMinor: number): void {
  totals.set(key, (totals.get(key) ?? 0n) + BigInt(amountMinor));
}

function word(text: string | null): string {
  return text === null ? '' : wordForm(text);
}

import { currencyExponent } from '../../kernel/money.js';
import { LINE_REVENUES } from '../../kernel/points-paid.js';
import type { Result } from '../../kernel/result.js';
import { optionalCell, type CellBinder } from './cell-reader.js';
import type { FaultList } from './fault-list.js';
import { MAX_AMOUNT_MINOR } from './limits.js';
import type { Mapping } from './mapping.js';
import { parseMoney, parseSignedMoney, type NumberFault } from './money-text.js';
import type { LineContent } from './row.js';
import { taxWithin } from './tax.js';

/** The money of a line; less than nothing for a discount, where the mapping takes such rows. */
export type ReadAmounts = Pick<
  LineContent,
  'amountMinor' | 'taxMinor' | 'listMinor' | 'revenue' | 'commissionMinor' | 'commissionTaxMinor'
>;

/** Reads money of the mapping's currency. */
export function moneyReader(
  mapping: Mapping,
): (field: string, text: string, faults: FaultList, signed?: boolean) => number {
  const exponent = currencyExponent(mapping.currency);
  return (field, text, faults, signed = false) => {
    const parse = signed ? parseSignedMoney : parseMoney;
    const read: Result<number, NumberFault> = parse(text, exponent, MAX_AMOUNT_MINOR, mapping.numbers);
    if (read.ok) return read.value;
    faults.addNumber(field, read.refusal, text);
    return 0;
  };
}

/** Compiles what a mapping says of the money of a line. */
export function amountReader(
  mapping: Mapping,
  binder: CellBinder,
): (cells: readonly string[], faults: FaultList) => ReadAmounts {
  const amount = binder.bind('amount', mapping.amount);
  const discount = optionalCell(binder, 'discount', mapping.discount?.cell ?? null);
  const tax = optionalCell(binder, 'tax', mapping.tax);
  const list = optionalCell(binder, 'list', mapping.list);
  const revenue = optionalCell(binder, 'revenue', mapping.revenue);
  const commission = optionalCell(binder, 'commission', mapping.commission);
  const commissionTax = optionalCell(binder, 'commissionTax', mapping.commissionTax);
  const money = moneyReader(mapping);
  const given = (field: string, text: string, faults: FaultList) =>
    text === '' ? undefined : money(field, text, faults);
  return (cells, faults) => {
    const before = faults.count;
    const asked = money('AMOUNT', amount(cells), faults, mapping.negativeLines === 'discount');
    const amountMinor = asked - discountOf(discount(cells), mapping, faults, money);
    // A row of its own that is a discount says nothing of a line.
    if (asked < 0) return { amountMinor };
    if (amountMinor < 0 && faults.count === before)
      faults.add('DISCOUNT_EXCEEDS_AMOUNT', `the discount ${discount(cells)} is more than the amount`);
    const taxMinor = mapping.taxRate
      ? taxWithin(Math.max(0, amountMinor), mapping.taxRate)
      : given('TAX', tax(cells), faults);
    if (faults.count === before && (taxMinor ?? 0) > amountMinor)
      faults.add('TAX_EXCEEDS_AMOUNT', `the tax ${tax(cells)} is more than the amount it is part of`);
    return {
      amountMinor: Math.max(0, amountMinor),
      ...present({ taxMinor, listMinor: given('LIST', list(cells), faults) }),
      ...present({ revenue: revenueOf(revenue(cells), faults) }),
      ...present({
        commissionMinor: given('COMMISSION', commission(cells), faults),
        commissionTaxMinor: given('COMMISSION_TAX', commissionTax(cells), faults),
      }),
    };
  };
}

function discountOf(
  text: string,
  { discount }: Mapping,
  faults: FaultList,
  money: ReturnType<typeof moneyReader>,
): number {
  if (discount === null || text === '') return 0;
  const read = money('DISCOUNT', text, faults, discount.negative);
  if (!discount.negative) return read;
  if (read > 0) faults.add('DISCOUNT_POSITIVE', `the discount ${text} has no minus, as the mapping says`);
  return Math.max(0, -read);
}

function revenueOf(text: string, faults: FaultList): string | undefined {
  if (text === '') return undefined;
  if (!LINE_REVENUES.some((known) => known === text))
    faults.add('REVENUE_UNKNOWN', `the revenue "${text}" is none of ${LINE_REVENUES.join(', ')}`);
  return text;
}

function present<T extends object>(content: T): T {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)) as T;
}

import { optionalCell, optionalKey, type CellBinder } from './cell-reader.js';
import { readKey, type FaultList } from './fault-list.js';
import { MAX_CHANNEL, MAX_TENDERS } from './limits.js';
import type { Mapping, TenderMapping } from './mapping.js';
import { moneyReader } from './read-amounts.js';
import type { TenderContent } from './row.js';

/**
 * Compiles what a mapping says of tenders, those that each row says of the whole receipt or those of the row alone.
 * An amount that is blank or nothing makes no tender.
 */
export function tenderReader(
  mapping: Mapping,
  per: TenderMapping['per'],
  binder: CellBinder,
): (cells: readonly string[], faults: FaultList) => readonly TenderContent[] {
  const money = moneyReader(mapping);
  const bound = mapping.tenders
    .map((tender, index) => ({
      ...tender,
      readType: optionalKey(binder, `tenders.${index}.type`, tender.type),
      readAmount: optionalCell(binder, `tenders.${index}.amount`, tender.amount),
    }))
    .filter((tender) => tender.per === per);
  return (cells, faults) =>
    bound.flatMap(({ readType, readAmount, kind }) => {
      const text = readAmount(cells);
      const amountMinor = text === '' ? 0 : money('TENDER', text, faults);
      if (amountMinor === 0) return [];
      const type = readKey('TENDER_TYPE', readType(cells), { max: MAX_CHANNEL, required: true }, faults);
      return [kind === null ? { type, amountMinor } : { type, kind, amountMinor }];
    });
}

/** All tenders together, one for each type and kind; null where there are more than the API takes. */
export function addTenders(tenders: readonly TenderContent[]): readonly TenderContent[] | null {
  const sums = new Map<string, TenderContent>();
  for (const tender of tenders) {
    const key = `${tender.type}\n${tender.kind ?? ''}`;
    const amountMinor = (sums.get(key)?.amountMinor ?? 0) + tender.amountMinor;
    sums.set(key, { ...tender, amountMinor });
  }
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tender]) => tender);
  return sorted.length > MAX_TENDERS ? null : sorted;
}

import { isCurrency } from '../../kernel/money.js';
import { FieldReader } from './field-reader.js';
import { mappingJson } from './mapping-json.js';
import { MappingError, type Cell, type CsvFormat, type TextFormat } from './mapping.js';
import type { NumberFormat } from './money-text.js';
import { cell, NOTHING, timeCell } from './parse-cell.js';
import { csvFormat, numberFormat, textFormat } from './parse-formats.js';

/** Where a day stands, and how it is written. */
export interface DayCell {
  readonly cell: Cell;
  /** A Luxon format; null: ISO 8601. */
  readonly format: string | null;
  readonly calendar: 'gregorian' | 'roc';
}

/** How the columns of an old system become lots of an opening balance. */
export interface BalanceMapping {
  readonly csv: CsvFormat;
  readonly numbers: NumberFormat;
  readonly texts: TextFormat;
  readonly currency: string;
  /** The old system. */
  readonly source: string;
  readonly externalId: Cell;
  readonly member: Cell;
  readonly points: Cell;
  /** What the points carried, major units; null: nothing. */
  readonly carried: Cell | null;
  /** `purchase` or `non_purchase`. */
  readonly origin: Cell;
  readonly earnedOn: DayCell;
  /** Null: points never expire. */
  readonly expiresOn: DayCell | null;
}

/** Reads a mapping from its JSON text. @throws MappingError naming every field that is wrong. */
export function parseBalanceMapping(text: string): BalanceMapping {
  const faults: string[] = [];
  const root = new FieldReader(mappingJson(text), '', faults);
  const texts = textFormat(root.object('texts'));
  const mapping: BalanceMapping = {
    texts,
    csv: csvFormat(root.object('csv'), texts.formulas === 'unwrap' ? 'keep' : 'reject'),
    numbers: numberFormat(root.object('numbers')),
    currency: root.checked('currency', isCurrency, 'an ISO 4217 code such as "USD"') ?? 'XXX',
    source: root.text('source') ?? '',
    externalId: root.required('externalId', cell) ?? NOTHING,
    member: root.required('member', cell) ?? NOTHING,
    points: root.required('points', cell) ?? NOTHING,
    carried: root.optional('carried', cell),
    origin: root.required('origin', cell) ?? NOTHING,
    earnedOn: root.required('earnedOn', dayCell) ?? { cell: NOTHING, format: null, calendar: 'gregorian' },
    expiresOn: root.optional('expiresOn', dayCell),
  };
  root.refuseOthers();
  const { externalId, member, points, carried, origin, earnedOn, expiresOn } = mapping;
  const cells = {
    externalId,
    member,
    points,
    carried,
    origin,
    earnedOn: earnedOn.cell,
    expiresOn: expiresOn?.cell,
  };
  for (const [name, from] of Object.entries(cells)) {
    if (from?.kind === 'lookup') faults.push(`${name}.lookup: a mapping of balances has no lookups`);
  }
  if (faults.length > 0) throw new MappingError(faults);
  return mapping;
}

function dayCell(field: FieldReader): DayCell | null {
  const read = timeCell(field);
  if (read === null) return null;
  if (!field.isObject()) return { cell: read, format: null, calendar: 'gregorian' };
  const format = field.optionalText('format');
  const calendar = field.oneOf('calendar', ['gregorian', 'roc']) ?? 'gregorian';
  return { cell: read, format, calendar };
}

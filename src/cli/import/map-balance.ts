import { currencyExponent } from '../../kernel/money.js';
import { MAX_POINTS } from '../../kernel/points.js';
import { CellBinder, optionalCell } from './cell-reader.js';
import { textCleaner } from './clean-text.js';
import { FaultList, readKey } from './fault-list.js';
import { MAX_AMOUNT_MINOR, MAX_EXTERNAL_ID } from './limits.js';
import { parseMoney } from './money-text.js';
import { instantReader } from './occurred-at.js';
import type { BalanceMapping, DayCell } from './parse-balance-mapping.js';
import type { RejectedRow, SourceRow } from './row.js';

const ORIGINS = ['purchase', 'non_purchase'];

/** A lot as the API takes it. */
export interface BalanceLot {
  readonly externalId: string;
  readonly member: { readonly externalId: string };
  readonly origin: string;
  readonly points: number;
  readonly carriedMinor: number;
  readonly earnedOn: string;
  readonly expiresOn?: string;
}

/** A row of the file with the lot that it says, or what is wrong with it. */
export type MappedBalance =
  | { readonly ok: true; readonly row: SourceRow; readonly lot: BalanceLot }
  | { readonly ok: false; readonly row: RejectedRow };

/**
 * Compiles a mapping for a file with this header into a function from rows to lots.
 * @throws MappingError when the mapping names a column that is not there
 */
export function balanceMapper(
  mapping: BalanceMapping,
  header: readonly string[],
): (row: SourceRow) => MappedBalance {
  const binder = new CellBinder(header, {}, {}, textCleaner(mapping.texts));
  const externalId = binder.bind('externalId', mapping.externalId);
  const member = binder.bind('member', mapping.member);
  const origin = binder.bind('origin', mapping.origin);
  const points = binder.bind('points', mapping.points);
  const carried = optionalCell(binder, 'carried', mapping.carried);
  const earnedOn = dayReader(binder, 'earnedOn', mapping.earnedOn);
  const expiresOn = mapping.expiresOn && dayReader(binder, 'expiresOn', mapping.expiresOn);
  binder.finish();
  const key = { max: MAX_EXTERNAL_ID, required: true, code: mapping.texts };
  const number = (field: string, text: string, exponent: number, max: number, faults: FaultList): number => {
    const read = parseMoney(text, exponent, max, mapping.numbers);
    if (read.ok) return read.value;
    faults.addNumber(field, read.refusal, text);
    return 0;
  };
  return ({ row, cells }) => {
    const faults = new FaultList();
    const money = carried(cells);
    const expiry = expiresOn?.(cells, faults, false) ?? '';
    const lot: BalanceLot = {
      externalId: readKey('EXTERNAL_ID', externalId(cells), key, faults),
      member: { externalId: readKey('MEMBER', member(cells), key, faults) },
      origin: origin(cells),
      points: number('POINTS', points(cells), 0, MAX_POINTS, faults),
      carriedMinor:
        money === ''
          ? 0
          : number('CARRIED', money, currencyExponent(mapping.currency), MAX_AMOUNT_MINOR, faults),
      earnedOn: earnedOn(cells, faults, true),
      ...(expiry === '' ? {} : { expiresOn: expiry }),
    };
    if (!ORIGINS.includes(lot.origin))
      faults.add('ORIGIN_UNKNOWN', `the origin "${lot.origin}" is none of ${ORIGINS.join(', ')}`);
    if (cells.length !== header.length)
      faults.add('COLUMN_COUNT', `the row has ${cells.length} columns where the header has ${header.length}`);
    const fault = faults.summary();
    return fault ? { ok: false, row: { row, cells, ...fault } } : { ok: true, row: { row, cells }, lot };
  };
}

type DayReader = (cells: readonly string[], faults: FaultList, required: boolean) => string;

/** Reads a day as `2026-12-31`; blank where the file has none. */
function dayReader(binder: CellBinder, field: string, { cell, format, calendar }: DayCell): DayReader {
  const read = binder.bind(field, cell);
  const toInstant = instantReader(format, 'UTC', calendar);
  const name = field === 'earnedOn' ? 'EARNED_ON' : 'EXPIRES_ON';
  return (cells, faults, required) => {
    const text = read(cells);
    if (text === '') {
      if (required) faults.add(`${name}_BLANK`, `${field} is blank`);
      return '';
    }
    const instant = toInstant(text);
    if (instant === null)
      faults.add(`${name}_UNREADABLE`, `"${text}" is no day in the format of the mapping`);
    return instant === null ? '' : new Date(instant).toISOString().slice(0, 10);
  };
}

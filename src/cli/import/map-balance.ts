import { currencyExponent } from '../../kernel/money.js';
import { MAX_POINTS } from '../../kernel/points.js';
import { isLocalDate } from '../../kernel/time.js';
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

/** A row of the file with the lot that it says, or what is wrong with it. Of 0 points there is no lot. */
export type MappedBalance =
  | { readonly kind: 'lot'; readonly row: SourceRow; readonly lot: BalanceLot }
  | { readonly kind: 'empty' }
  | { readonly kind: 'fault'; readonly row: RejectedRow };

/**
 * Compiles a mapping for a file with this header into a function from rows to lots.
 * @throws MappingError when the mapping names a column that is not there
 */
export function balanceMapper(
  mapping: BalanceMapping,
  header: readonly string[],
): (row: SourceRow) => MappedBalance {
  const binder = new CellBinder(header, {}, {}, textCleaner(mapping.texts));
  const externalId = binder.bindKey('externalId', mapping.externalId);
  const member = binder.bindKey('member', mapping.member);
  const origin = binder.bind('origin', mapping.origin);
  const points = binder.bind('points', mapping.points);
  const carried = optionalCell(binder, 'carried', mapping.carried);
  const earnedOn = dayReader(binder, 'earnedOn', mapping.earnedOn);
  const expiresOn = mapping.expiresOn && dayReader(binder, 'expiresOn', mapping.expiresOn);
  binder.finish();
  const exponent = currencyExponent(mapping.currency);
  const key = { max: MAX_EXTERNAL_ID, required: true, code: mapping.texts };
  const number = (field: string, text: string, decimals: number, max: number, faults: FaultList): number => {
    const read = parseMoney(text, decimals, max, mapping.numbers);
    if (read.ok) return read.value;
    faults.addNumber(field, read.refusal, text);
    return 0;
  };
  return ({ row, cells }) => {
    const faults = new FaultList();
    if (cells.length !== header.length)
      faults.add('COLUMN_COUNT', `the row has ${cells.length} columns where the header has ${header.length}`);
    const money = carried(cells);
    const left = number('POINTS', points(cells), 0, MAX_POINTS, faults);
    const carriedMinor = money === '' ? 0 : number('CARRIED', money, exponent, MAX_AMOUNT_MINOR, faults);
    if (left === 0 && faults.count === 0) {
      // Of members without points an export most often has neither a day nor an origin.
      if (carriedMinor === 0) return { kind: 'empty' };
      faults.add('CARRIED_WITHOUT_POINTS', `the row carries ${money} with 0 points`);
    }
    const expiry = expiresOn?.(cells, faults, false) ?? '';
    const lot: BalanceLot = {
      externalId: readKey('EXTERNAL_ID', externalId(cells), key, faults),
      member: { externalId: readKey('MEMBER', member(cells), key, faults) },
      origin: origin(cells),
      points: left,
      carriedMinor,
      earnedOn: earnedOn(cells, faults, true),
      ...(expiry === '' ? {} : { expiresOn: expiry }),
    };
    if (!ORIGINS.includes(lot.origin))
      faults.add('ORIGIN_UNKNOWN', `the origin "${lot.origin}" is none of ${ORIGINS.join(', ')}`);
    const fault = faults.summary();
    return fault
      ? { kind: 'fault', row: { row, cells, ...fault } }
      : { kind: 'lot', row: { row, cells }, lot };
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
    const day = instant === null ? '' : new Date(instant).toISOString().slice(0, 10);
    if (!isLocalDate(day))
      faults.add(`${name}_UNREADABLE`, `"${text}" is no day in the format of the mapping`);
    return day;
  };
}

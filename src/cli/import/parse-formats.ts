import type { FieldReader } from './field-reader.js';
import type { CsvFormat, TextFormat } from './mapping.js';
import type { NumberFormat } from './money-text.js';
import { canBeWritten } from './text-encoding.js';

const THOUSANDS = [',', '.', ' ', "'", '\u00a0', '\u202f'];

/** How a CSV file is written. @param strayQuotes what the mapping means where it does not say it. */
export function csvFormat(
  field: FieldReader | null,
  strayQuotes: CsvFormat['strayQuotes'] = 'reject',
): CsvFormat {
  const quote = field?.anyText('quote') ?? '"';
  const format = {
    delimiter: field?.optionalText('delimiter') ?? ',',
    quote: quote === '' ? null : quote,
    encoding: field?.optionalText('encoding') ?? 'utf-8',
    columns: field?.texts('columns') ?? null,
    strayQuotes: field?.oneOf('strayQuotes', ['reject', 'keep']) ?? strayQuotes,
  } as const;
  if (quote.length > 1) field?.fault('quote must be one character, or "" for none');
  if (!canBeWritten(format.encoding)) field?.fault(`encoding "${format.encoding}" is not known`);
  field?.refuseOthers(['delimiter', 'quote', 'encoding', 'columns', 'strayQuotes']);
  return format;
}

/** How numbers are written. */
export function numberFormat(field: FieldReader | null): NumberFormat {
  const decimalSeparator = field?.oneOf('decimalSeparator', ['.', ',']) ?? '.';
  const thousandsSeparator = field?.oneOf('thousandsSeparator', THOUSANDS) ?? null;
  const trailingZeros = field?.oneOf('trailingZeros', ['reject', 'drop']) ?? 'reject';
  const signs = field?.texts('currencySigns') ?? [];
  // The longest first: of NT$ and $, the first is meant where both fit.
  const currencySigns = [...signs].sort((a, b) => b.length - a.length);
  if (thousandsSeparator === decimalSeparator) field?.fault('the two separators must differ');
  if (signs.some((sign) => sign === '' || /[\d.,\-−()\s]/.test(sign)))
    field?.fault('currencySigns must have no digits, separators, brackets, minus or blanks in them');
  field?.refuseOthers(['decimalSeparator', 'thousandsSeparator', 'trailingZeros', 'currencySigns']);
  return { decimalSeparator, thousandsSeparator, trailingZeros, currencySigns };
}

/** What became of texts. */
export function textFormat(field: FieldReader | null): TextFormat {
  const formulas = field?.oneOf('formulas', ['reject', 'unwrap']) ?? 'reject';
  const fullWidth = field?.oneOf('fullWidth', ['reject', 'convert', 'keep']) ?? 'reject';
  field?.refuseOthers(['formulas', 'fullWidth']);
  return { formulas, fullWidth };
}

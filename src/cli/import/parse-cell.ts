import type { FieldReader } from './field-reader.js';
import type { Cell } from './mapping.js';

/** Stands for a cell that could not be read, until the faults are reported. */
export const NOTHING: Cell = { kind: 'constant', value: '' };

/**
 * `"column"`, `{"column"}`, `{"columns", "separator"}`, `{"lookup", "column"}` or `{"constant"}`; all but the last take
 * a `prefix`.
 * @param others further fields of the object, which the caller reads.
 */
export function cell(field: FieldReader, others: readonly string[] = []): Cell | null {
  return readCell(field, others, true);
}

/** Where a time stands, in one column or in several. */
export function timeCell(field: FieldReader): Cell | null {
  return readCell(field, ['format', 'calendar'], false);
}

function readCell(field: FieldReader, others: readonly string[], exact: boolean): Cell | null {
  if (typeof field.value === 'string') {
    if (field.value === '') return field.fault('must name a column');
    return { kind: 'column', column: field.value, prefix: '' };
  }
  if (!field.isObject())
    return field.fault('must be the name of a column, or an object with column, columns or constant');
  field.refuseOthers(['column', 'columns', 'separator', 'constant', 'lookup', 'prefix', ...others]);
  const kinds = ['column', 'columns', 'constant'].filter((kind) => field.has(kind));
  if (kinds.length > 1 || (field.has('lookup') && !field.has('column')))
    return field.fault('takes one of column, columns and constant, and lookup with column');
  if (field.has('constant')) {
    const value = field.text('constant');
    return value === null ? null : { kind: 'constant', value };
  }
  const prefix = field.optionalText('prefix') ?? '';
  if (field.has('columns')) return joined(field, prefix, exact);
  const column = field.text('column');
  const name = field.optionalText('lookup');
  if (column === null) return null;
  return name === null
    ? { kind: 'column', column, prefix }
    : { kind: 'lookup', lookup: name, column, prefix };
}

function joined(field: FieldReader, prefix: string, exact: boolean): Cell | null {
  const columns = field.texts('columns');
  const separator = field.optionalText('separator') ?? ' ';
  return columns === null ? null : { kind: 'joined', columns, separator, prefix, exact };
}

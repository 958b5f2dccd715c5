import { stringify } from 'csv-stringify/sync';

/** Without it Excel reads UTF-8 as the machine's own code page, and Chinese memos turn to noise. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** What a spreadsheet would take for a formula (OWASP, CSV injection), full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** With CRLF between records, csv-stringify by itself leaves a lone line feed unquoted. */
const LINE_BREAK = /[\r\n]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

export type Cell = string | number | bigint | boolean | null;

/** Rows as RFC 4180 text, each ended by CRLF. Text that looks like a formula gets an apostrophe before it. */
export function csvRows(rows: readonly (readonly Cell[])[]): string {
  const options = { record_delimiter: '\r\n', quoted_match: LINE_BREAK };
  return stringify(
    rows.map((row) => row.map(cellText)),
    options,
  );
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

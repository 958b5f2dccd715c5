import { keyFault, textCleaner } from './clean-text.js';

const REJECT = { formulas: 'reject', fullWidth: 'reject' } as const;
const UNWRAP = { formulas: 'unwrap', fullWidth: 'reject' } as const;

/** What a cell is read as, and what is wrong with it as a key. */
const read = (text: string, format: typeof REJECT | typeof UNWRAP) => {
  const cleaned = textCleaner(format)(text);
  return [cleaned, keyFault(cleaned, format)];
};

describe('what a spreadsheet did to a key', () => {
  it.each([
    ['="00123"', '00123', null],
    ['="a""b"', 'a"b', null],
    ["'00123", '00123', null],
    ["'+886900", '+886900', null],
    ['="=A1"', '=A1', 'FORMULA'],
    [`'="00123"`, '="00123"', 'FORMULA'],
    ['=A1+B2', '=A1+B2', 'FORMULA'],
    ['=00123', '=00123', 'FORMULA'],
    ['=SUM(A1)', '=SUM(A1)', 'FORMULA'],
    ['="a"&"b"', '="a"&"b"', 'FORMULA'],
    ['="""12"""', '="""12"""', 'FORMULA'],
  ])('%s is taken off where that is asked for, or refused', (text, cleaned, fault) => {
    expect(read(text, UNWRAP)).toEqual([cleaned, fault]);
    expect(read(text, REJECT)).toEqual([text, text.startsWith("'") ? 'APOSTROPHE' : 'FORMULA']);
  });

  it.each(["'t Hooft", "O'Neill", "'90s", 'A=1'])('%s is a key like any other', (text) => {
    expect(read(text, UNWRAP)).toEqual([text, null]);
    expect(read(text, REJECT)).toEqual([text, null]);
  });
});

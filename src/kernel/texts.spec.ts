import { folded, isName, keyForm, keyTextFault, keyTextReason, seenOf, wordForm } from './texts.js';

describe('a text that is a key', () => {
  it.each([
    'R-1',
    'r-1',
    'Store 12',
    'C-1001',
    '台北　一店',
    'Müller-7',
    'a@b.example',
    '王小明',
    '𠮷野家',
    '½',
    '~!@#$%^&*()',
  ])('may be %j', (text) => {
    expect(keyTextFault(keyForm(text), 200)).toBeNull();
  });

  it.each([
    ['', 'empty'],
    [' ', 'spaceAtEnd'],
    ['R-1 ', 'spaceAtEnd'],
    [' R-1', 'spaceAtEnd'],
    ['r-1\t', 'spaceAtEnd'],
    ['R-1\u00a0', 'spaceAtEnd'],
    ['\u3000台北', 'spaceAtEnd'],
    ['\ufeffR-1', 'spaceAtEnd'],
    ['R\t1', 'invisible'],
    ['R\n1', 'invisible'],
    ['R\u20281', 'invisible'],
    ['R\u00a01', 'invisible'],
    ['47\u200b11', 'invisible'],
    ['4711\u200b', 'invisible'],
    ['47\u00ad11', 'invisible'],
    ['47\u200d11', 'invisible'],
    ['47\u202e11', 'invisible'],
    ['47\ufe0f11', 'invisible'],
    ['47\u3164', 'invisible'],
    ['47\u0007', 'invisible'],
    ['47\ud83d', 'invisible'],
    ['47\u{e0041}', 'invisible'],
    ['47\u2800', 'invisible'],
    ['47\ufffc', 'invisible'],
    ['47\u{16fe4}', 'invisible'],
    ['47\u{1d159}', 'invisible'],
  ] as const)('is not %j: %s', (text, fault) => {
    expect(keyTextFault(keyForm(text), 200)).toBe(fault);
    expect(keyTextReason(fault, 200)).not.toBe('');
  });

  it('is as long as it looks', () => {
    expect(keyTextFault('𠮷'.repeat(40), 40)).toBeNull();
    expect(keyTextFault('𠮷'.repeat(41), 40)).toBe('tooLong');
    expect(keyTextFault('x'.repeat(41), 40)).toBe('tooLong');
    expect(keyTextReason('tooLong', 40)).toBe('has more than 40 characters');
  });

  it('is one however its accents were typed', () => {
    expect(keyForm('Mu\u0308ller')).toBe('M\u00fcller');
    expect(keyForm('\u1112\u1161\u11ab')).toBe('\ud55c');
  });
});

describe('a text whose case means nothing', () => {
  it('is compared in lower case', () => {
    expect(folded('CARD')).toBe('card');
    expect(folded('Anna.MU\u0308LLER@Example.COM')).toBe('anna.m\u00fcller@example.com');
  });

  it('is trimmed where it is a word', () => {
    expect(['Points', 'points ', ' POINTS', 'points'].map(wordForm)).toEqual(Array(4).fill('points'));
    expect(wordForm('returnWindowOver')).toBe(wordForm('ReturnWindowOver'));
  });
});

it('what is seen of a key has neither ends nor invisible characters', () => {
  expect(['R-1', 'R-1 ', '\tR-1', 'R\u200b-\u00ad1', '\u3000R-1'].map(seenOf)).toEqual(Array(5).fill('R-1'));
});

describe('a name that people read', () => {
  it.each(['x', 'The Lins', '\u70b9\u6578', 'Mother\u2019s day', '\u{1f468}\u200d\u{1f469}', 'a'.repeat(20)])(
    'can be %j',
    (text) => {
      expect(isName(text, 20)).toBe(true);
    },
  );

  it.each([
    ...['', ' ', '\t', '\u200b', '\u3000', '\u2800', ' x', 'x ', 'a\nb', 'a\u0007b', 'a\u2028b', 'a\u202eb'],
    ...['a\ud800b', 'a'.repeat(21)],
  ])('cannot be %j', (text) => {
    expect(isName(text, 20)).toBe(false);
  });
});

import { canBeWritten, encodingName, textReader, textWriter } from './text-encoding.js';

/** Text that an encoding has, and everything that two bytes of it can stand for. */
const SAMPLES: Readonly<Record<string, string>> = {
  'utf-8': '全聯 Müller 𠀀',
  'utf-16le': '全聯 𠀀',
  'utf-16be': '全聯 𠀀',
  'windows-1252': 'Müller – 5 € “x”',
  'iso-8859-2': 'Dvořák',
  big5: '全聯福利中心 許功蓋 ＮＴ＄１２',
  shift_jis: '表示 ｱｲｳ ソ',
  'euc-jp': '表示 丂',
  'euc-kr': '홍길동',
  gbk: '全联 €',
  gb18030: '全联 𠀀 Ö ㄅ',
};

describe('textWriter', () => {
  it.each(Object.entries(SAMPLES))('writes %s so that it reads the same', (encoding, text) => {
    const bytes = textWriter(encoding)(text);
    expect(bytes).not.toBeNull();
    const read = textReader(encodingName(encoding) as string);
    expect(read(bytes as Buffer) + read(null)).toBe(text);
  });

  it('writes Big5 as a Taiwanese till does', () => {
    expect(textWriter('big5')('全聯')).toEqual(Buffer.from([0xa5, 0xfe, 0xc1, 0x70]));
  });

  it('knows the euro sign of windows-1252, whatever Node.js takes it for', () => {
    expect(textReader('windows-1252')(Buffer.from([0x80, 0x20, 0x9f, 0x81]))).toBe('€ Ÿ\u0081');
    expect(textWriter('windows-1252')('€–')).toEqual(Buffer.from([0x80, 0x96]));
  });

  it('says where an encoding does not have a character', () => {
    expect(textWriter('windows-1252')('全聯')).toBeNull();
    expect(textWriter('big5')('Müller')).toBeNull();
  });

  it('knows encodings by their labels, and which cannot be written again', () => {
    expect(encodingName('latin1')).toBe('windows-1252');
    expect(encodingName('klingon')).toBeNull();
    expect(['iso-2022-jp', 'klingon', 'Big5'].map(canBeWritten)).toEqual([false, false, true]);
    expect(() => textWriter('iso-2022-jp')).toThrow(RangeError);
  });
});

import { encodeId, idToUuid, isId, uuidToId } from './ids.js';

/** Vectors of the TypeID specification 0.3 (valid.yml, invalid.yml); only the suffixes matter here. */
const VECTORS = [
  { name: 'nil', suffix: '00000000000000000000000000', uuid: '00000000-0000-0000-0000-000000000000' },
  { name: 'one', suffix: '00000000000000000000000001', uuid: '00000000-0000-0000-0000-000000000001' },
  { name: 'ten', suffix: '0000000000000000000000000a', uuid: '00000000-0000-0000-0000-00000000000a' },
  { name: 'sixteen', suffix: '0000000000000000000000000g', uuid: '00000000-0000-0000-0000-000000000010' },
  { name: 'thirty-two', suffix: '00000000000000000000000010', uuid: '00000000-0000-0000-0000-000000000020' },
  { name: 'the largest', suffix: '7zzzzzzzzzzzzzzzzzzzzzzzzz', uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
  {
    name: 'the alphabet',
    suffix: '0123456789abcdefghjkmnpqrs',
    uuid: '0110c853-1d09-52d8-d73e-1194e95b5f19',
  },
  { name: 'a UUIDv7', suffix: '01h455vb4pex5vsknk084sn02q', uuid: '01890a5d-ac96-774b-bcce-b302099a8057' },
];

describe('ids', () => {
  it.each(VECTORS)('writes $name as the TypeID specification does', ({ suffix, uuid }) => {
    expect(uuidToId('mbr', uuid)).toBe(`mbr_${suffix}`);
  });

  it.each(VECTORS)('reads $name back', ({ suffix, uuid }) => {
    expect(idToUuid(`mbr_${suffix}`)).toBe(uuid);
  });

  it('takes a UUID in capitals, as some drivers print it', () => {
    expect(uuidToId('lot', '01890A5D-AC96-774B-BCCE-B302099A8057')).toBe('lot_01h455vb4pex5vsknk084sn02q');
  });

  it.each([
    ['more than 128 bits', 'mbr_8zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['too short', 'mbr_01h455vb4pex5vsknk084sn02'],
    ['too long', 'mbr_01h455vb4pex5vsknk084sn02q0'],
    ['capitals', 'mbr_01H455VB4PEX5VSKNK084SN02Q'],
    ['a letter that Crockford leaves out', 'mbr_01h455vb4pex5vsknk084sn0il'],
    ['a hyphen', 'mbr_01h455vb4pex5vsknk-84sn02q'],
    ['no suffix', 'mbr_'],
    ['a line break at the end', 'mbr_01h455vb4pex5vsknk084sn02q\n'],
    ['nothing', ''],
  ])('is not an id: %s', (_, text) => {
    expect(isId('mbr', text)).toBe(false);
    expect(() => idToUuid(text)).toThrow(RangeError);
  });

  it('belongs to one kind only', () => {
    expect(isId('mbr', 'mbr_01h455vb4pex5vsknk084sn02q')).toBe(true);
    expect(isId('acc', 'mbr_01h455vb4pex5vsknk084sn02q')).toBe(false);
    expect(isId('mbr', '01h455vb4pex5vsknk084sn02q')).toBe(false);
  });

  it.each([0, 15, 17])('needs exactly 16 bytes, not %i', (length) => {
    expect(() => encodeId('mbr', new Uint8Array(length))).toThrow(RangeError);
  });

  it('does not make an id of half a UUID', () => {
    expect(() => uuidToId('mbr', '01890a5d-ac96-774b')).toThrow(RangeError);
  });
});

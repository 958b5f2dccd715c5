import fc from 'fast-check';
import { encodeId, idToUuid, isId, uuidToId } from './ids.js';

const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('ids, whatever their bytes', () => {
  it('come back from their text form', () => {
    fc.assert(
      fc.property(sixteenBytes, (bytes) => {
        const id = encodeId('pur', bytes);
        expect(isId('pur', id)).toBe(true);
        expect(idToUuid(id).replaceAll('-', '')).toBe(Buffer.from(bytes).toString('hex'));
        expect(uuidToId('pur', idToUuid(id))).toBe(id);
      }),
    );
  });

  it('sort as their bytes do, so that later ids of one kind come later', () => {
    fc.assert(
      fc.property(sixteenBytes, sixteenBytes, (a, b) => {
        const byBytes = Math.sign(Buffer.compare(a, b));
        const [idA, idB] = [encodeId('lot', a), encodeId('lot', b)];
        expect(idA < idB ? -1 : idA > idB ? 1 : 0).toBe(byBytes);
      }),
    );
  });
});

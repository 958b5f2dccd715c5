import { encodeId, type Id, type IdPrefix, type IdSource } from '../../src/kernel/ids.js';

/** Ids in the order of their numbers, the same in every run. */
export class NumberedIds implements IdSource {
  private made = 0;

  next<P extends IdPrefix>(prefix: P): Id<P> {
    this.made += 1;
    return numberedId(prefix, this.made);
  }
}

/** The id of this kind with this number. */
export function numberedId<P extends IdPrefix>(prefix: P, number: number): Id<P> {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(12, number);
  return encodeId(prefix, bytes);
}

/** A sum of SHA-256 digests modulo 2^256, in 64 hex digits: the same whatever the order in which they were added. */
export const EMPTY_SUM = '0'.repeat(64);

const MODULUS = 1n << 256n;

/** Adds digests to a sum and takes others out of it, one by one. */
export class RecordSum {
  private value: bigint;

  constructor(sum: string) {
    this.value = BigInt(`0x${sum}`);
  }

  add(digest: string): void {
    this.value += BigInt(`0x${digest}`);
  }

  takeOut(digest: string): void {
    this.value -= BigInt(`0x${digest}`);
  }

  /** The sum so far. */
  toString(): string {
    return (((this.value % MODULUS) + MODULUS) % MODULUS).toString(16).padStart(64, '0');
  }
}

import { randomFillSync } from 'node:crypto';
import { encodeId, SHARD_SUFFIXES, type Id, type IdPrefix, type IdSource } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/time.js';

const POOL_BYTES = 8192;

/**
 * UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then a 12-bit counter that orders the ids of one
 * millisecond (method 1 of 6.2), then 62 random bits, the last five of which may be a shard suffix instead. Never goes back
 * when the clock does.
 */
export class UuidV7Source implements IdSource {
  private millis = 0;
  private counter = 0;
  private readonly pool = new Uint8Array(POOL_BYTES);
  private used = POOL_BYTES;
  /** Where an id is put together; read at once. */
  private readonly bytes = new Uint8Array(16);

  /**
   * @param shardSuffix 0 to 31: how all of its ids end (`shardSuffixOf`); without it they end at random.
   * @throws RangeError for another suffix.
   */
  constructor(
    private readonly clock: Clock,
    private readonly shardSuffix?: number,
  ) {
    if (shardSuffix !== undefined && !(shardSuffix >= 0 && shardSuffix < SHARD_SUFFIXES))
      throw new RangeError(`no shard suffix: ${shardSuffix}`);
  }

  next<P extends IdPrefix>(prefix: P): Id<P> {
    const now = this.clock.now();
    if (now > this.millis) {
      this.millis = now;
      this.counter = 0;
    } else {
      this.counter += 1;
      if (this.counter > 0xfff) {
        this.millis += 1;
        this.counter = 0;
      }
    }
    if (this.used + 8 > POOL_BYTES) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const { bytes } = this;
    const high = Math.floor(this.millis / 0x10000);
    bytes[0] = high >>> 24;
    bytes[1] = high >>> 16;
    bytes[2] = high >>> 8;
    bytes[3] = high;
    bytes[4] = this.millis >>> 8;
    bytes[5] = this.millis;
    bytes[6] = 0x70 | (this.counter >>> 8);
    bytes[7] = this.counter;
    for (let index = 8; index < 16; index += 1) bytes[index] = this.pool[this.used++] as number;
    bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
    if (this.shardSuffix !== undefined)
      bytes[15] = ((bytes[15] as number) & ~(SHARD_SUFFIXES - 1)) | this.shardSuffix;
    return encodeId(prefix, bytes);
  }
}

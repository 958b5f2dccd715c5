import { randomFillSync } from 'node:crypto';
import { encodeId, type Id, type IdPrefix, type IdSource } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/time.js';

const POOL_BYTES = 8192;

/**
 * UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then a 12-bit counter that orders the ids of one
 * millisecond (method 1 of 6.2), then 62 random bits. Never goes back when the clock does.
 */
export class UuidV7Source implements IdSource {
  private millis = 0;
  private counter = 0;
  private readonly pool = new Uint8Array(POOL_BYTES);
  private used = POOL_BYTES;

  constructor(private readonly clock: Clock) {}

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
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, Math.floor(this.millis / 0x10000));
    view.setUint16(4, this.millis & 0xffff);
    view.setUint16(6, 0x7000 | this.counter);
    bytes.set(this.pool.subarray(this.used, this.used + 8), 8);
    this.used += 8;
    view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
    return encodeId(prefix, bytes);
  }
}

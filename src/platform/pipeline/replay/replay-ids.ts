import { encodeId, type Id, type IdPrefix, type IdSource } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';

/** The two bits of every UUID and the version 7 of RFC 9562, section 5.7. */
const VERSION = 0x70;
const VARIANT = 0x80;

/**
 * Ids of a replay: numbered, with the time of the replay in them, so that a replay gives the same ones each time it is
 * carried out. What is replayed keeps the id it has.
 */
export class ReplayIds implements IdSource {
  private made = 0;
  private now: Instant = 0;
  private kept: Id | null = null;

  /** @param kept the id that the next thing of its kind gets. */
  begin(now: Instant, kept: Id): void {
    this.now = now;
    this.kept = kept;
  }

  next<P extends IdPrefix>(prefix: P): Id<P> {
    const { kept } = this;
    if (kept?.startsWith(`${prefix}_`)) {
      this.kept = null;
      return kept as Id<P>;
    }
    this.made += 1;
    const bytes = Buffer.alloc(16);
    bytes.writeUIntBE(this.now, 0, 6);
    bytes[6] = VERSION;
    bytes[8] = VARIANT;
    bytes.writeUIntBE(this.made, 10, 6);
    return encodeId(prefix, bytes);
  }
}

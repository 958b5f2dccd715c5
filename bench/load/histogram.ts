import type { Percentiles } from '../scene.js';

/** Sub-buckets of an octave: a value is known to 1/256 of itself. */
const BITS = 8;
const SUB = 1 << BITS;
/** Values are whole microseconds up to 2^31. */
const BUCKETS = (31 - BITS + 1) * SUB + SUB;

/** Counts latencies in buckets that grow with the value, in memory that does not grow with their number. */
export class Histogram {
  private readonly counts = new Uint32Array(BUCKETS);
  private count = 0;
  private max = 0;

  /** @param millis a latency; negative ones count as none */
  record(millis: number): void {
    const micros = Math.min(2 ** 31 - 1, Math.max(0, Math.round(millis * 1000)));
    const bucket = bucketOf(micros);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.count += 1;
    if (micros > this.max) this.max = micros;
  }

  percentiles(): Percentiles {
    return {
      p50: this.at(0.5),
      p99: this.at(0.99),
      p999: this.at(0.999),
      max: this.max / 1000,
      count: this.count,
    };
  }

  private at(quantile: number): number {
    const wanted = Math.max(1, Math.ceil(this.count * quantile));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.counts[bucket] ?? 0;
      if (seen >= wanted && this.count > 0) return Math.min(valueOf(bucket), this.max) / 1000;
    }
    return NaN;
  }
}

function bucketOf(micros: number): number {
  const shift = Math.max(0, 31 - Math.clz32(micros) - BITS);
  return shift * SUB + (micros >> shift);
}

/** The largest value of a bucket. */
function valueOf(bucket: number): number {
  const shift = Math.max(0, (bucket >> BITS) - 1);
  return (bucket - shift * SUB + 1) * 2 ** shift - 1;
}

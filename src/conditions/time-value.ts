import { DateTime } from 'luxon';
import type { Instant } from '../kernel/time.js';

/** `time` of a condition: when the receipt occurred, on the clock and the calendar of the programme's zone. */
export class TimeValue {
  private known: DateTime | null = null;

  constructor(
    private readonly instant: Instant,
    private readonly zone: string,
  ) {}

  private get local(): DateTime {
    return (this.known ??= DateTime.fromMillis(this.instant, { zone: this.zone }));
  }
  /** `2026-11-22`; compares as text. */
  get date(): string {
    return this.local.toISODate() ?? '';
  }
  get year(): bigint {
    return BigInt(this.local.year);
  }
  get month(): bigint {
    return BigInt(this.local.month);
  }
  get day(): bigint {
    return BigInt(this.local.day);
  }
  /** 1 Monday to 7 Sunday. */
  get weekday(): bigint {
    return BigInt(this.local.weekday);
  }
  /** 0 to 23. */
  get hour(): bigint {
    return BigInt(this.local.hour);
  }
  get minute(): bigint {
    return BigInt(this.local.minute);
  }
}

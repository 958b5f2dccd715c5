import { divideFloor } from '../kernel/division.js';

/** Digits before and after the point of a decimal that a condition may name or read. */
const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/;

/** An exact decimal as conditions compute with it: `units` of 10^-scale. A condition has no floating-point numbers. */
export class DecimalValue {
  constructor(
    readonly units: bigint,
    /** Decimals, 0 or more. */
    readonly scale: number,
  ) {}

  /** Reads "1.5"; null for a text that is no decimal of up to 15 digits and 12 decimals. */
  static read(text: string): DecimalValue | null {
    const match = DECIMAL.exec(text);
    if (!match) return null;
    const [, sign, whole, fraction = ''] = match;
    return new DecimalValue(BigInt(`${sign}${whole}${fraction}`), fraction.length);
  }

  /** Below 0, 0 or above 0 as this is less than, equal to or more than `other`. */
  compare(other: DecimalValue): number {
    const difference = this.minus(other).units;
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }

  plus(other: DecimalValue): DecimalValue {
    const scale = Math.max(this.scale, other.scale);
    return new DecimalValue(this.at(scale) + other.at(scale), scale);
  }

  minus(other: DecimalValue): DecimalValue {
    return this.plus(new DecimalValue(-other.units, other.scale));
  }

  times(other: DecimalValue): DecimalValue {
    return new DecimalValue(this.units * other.units, this.scale + other.scale);
  }

  /** Without zeros at the end: "1.50" is "1.5". */
  toString(): string {
    const unit = 10n ** BigInt(this.scale);
    const size = this.units < 0n ? -this.units : this.units;
    const whole = divideFloor(size, unit);
    const fraction = (size - whole * unit).toString().padStart(this.scale, '0').replace(/0+$/, '');
    const sign = this.units < 0n ? '-' : '';
    return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
  }

  private at(scale: number): bigint {
    return this.units * 10n ** BigInt(scale - this.scale);
  }
}

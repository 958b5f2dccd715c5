import { addToDate, type LocalDate } from '../kernel/time.js';
import { flagOf, numberOf, textOf, type Attributes } from './attributes.js';
import { DecimalValue } from './decimal-value.js';
import { MissingValueError } from './missing-value.js';

/** What is known of a person. */
export interface PersonFacts {
  readonly birthDate: LocalDate | null;
  readonly enrolledOn: LocalDate;
  readonly attributes: Attributes;
}

/** What conditions may know of a member on a day. */
export interface MemberFacts {
  /** Null where no condition reads more than the rung, so that it was not loaded. */
  readonly person: PersonFacts | null;
  /** The rung of the ladder; null without one. */
  readonly tier: string | null;
  /** The local day on which the receipt occurred. */
  readonly day: LocalDate;
}

/** A value as it is stored with a trace; null: not known. */
export type StoredValue = string | boolean | null;

/** What a value of a member's is called in traces: `member.age`, `member.text("vip")`. */
export type ValueKey = string;

/** Tells a member's value by its key, in its stored form; undefined where the source does not have it at all. */
export type MemberSource = (key: ValueKey) => StoredValue | undefined;

/** `member` of a condition: read live from the member, or from what an earlier decision stored. */
export class MemberValue {
  constructor(private readonly source: MemberSource) {}

  get tier(): string {
    return this.required('member.tier') as string;
  }
  get hasBirthDate(): boolean {
    return this.required('member.hasBirthDate') as boolean;
  }
  get age(): bigint {
    return this.whole('member.age');
  }
  get birthMonth(): bigint {
    return this.whole('member.birthMonth');
  }
  get birthDay(): bigint {
    return this.whole('member.birthDay');
  }
  get daysEnrolled(): bigint {
    return this.whole('member.daysEnrolled');
  }

  text(name: string): string {
    return this.required(keyOf('text', name)) as string;
  }

  number(name: string): DecimalValue {
    return DecimalValue.read(this.required(keyOf('number', name)) as string) as DecimalValue;
  }

  flag(name: string): boolean {
    return this.required(keyOf('flag', name)) as boolean;
  }

  private whole(key: ValueKey): bigint {
    return BigInt(this.required(key));
  }

  /** @throws MissingValueError where the value is not known. */
  private required(key: ValueKey): string | boolean {
    const value = this.source(key);
    if (value === undefined || value === null) throw new MissingValueError(key);
    return value;
  }
}

function keyOf(method: string, name: string): ValueKey {
  return `member.${method}(${JSON.stringify(name)})`;
}

const METHOD = /^member\.(text|number|flag)\((.*)\)$/s;
const DAY_MS = 86_400_000;

/** The values of a member as they are on the day of the receipt. */
export function liveMember({ person, tier, day }: MemberFacts): MemberSource {
  return (key) => {
    if (key === 'member.tier') return tier ?? '';
    if (!person) throw new Error(`${key} was not loaded`);
    const method = METHOD.exec(key);
    if (!method) return fieldOf(person, day, key);
    return attributeOf(person.attributes, method[1] as string, JSON.parse(method[2] as string) as string);
  };
}

function attributeOf(attributes: Attributes, method: string, name: string): StoredValue {
  switch (method) {
    case 'text':
      return textOf(attributes, name);
    case 'flag':
      return flagOf(attributes, name);
    default:
      return numberOf(attributes, name)?.toString() ?? null;
  }
}

function fieldOf(
  { birthDate, enrolledOn }: PersonFacts,
  day: LocalDate,
  key: ValueKey,
): StoredValue | undefined {
  switch (key) {
    case 'member.hasBirthDate':
      return birthDate !== null;
    case 'member.age':
      return birthDate === null ? null : String(ageOn(birthDate, day));
    case 'member.birthMonth':
      return birthDate === null ? null : String(Number(birthDate.slice(5, 7)));
    case 'member.birthDay':
      return birthDate === null ? null : String(Number(birthDate.slice(8, 10)));
    case 'member.daysEnrolled':
      return String(Math.max(0, (Date.parse(day) - Date.parse(enrolledOn)) / DAY_MS));
    default:
      return undefined;
  }
}

/** Whole years of life on a day; after a birth on 29 February the birthday of other years is the 28th. */
export function ageOn(birthDate: LocalDate, day: LocalDate): number {
  const years = Math.max(0, Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)));
  return years > 0 && addToDate(birthDate, { months: 12 * years }) > day ? years - 1 : years;
}

import { ProblemException } from '../platform/http/problem.exception.js';
import { validated } from '../platform/http/validation.js';
import { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { booksFromOf } from './books-from.js';
import { memberExpiry } from './domain/programme-policy.js';
import {
  PROGRAMME_POLICY_KEY,
  programmePolicyInForce,
  programmePolicyKind,
} from './programme-policy.kind.js';
import { ProgrammePolicyDto, programmePolicyOf } from './programme.dto.js';

const LEAST = { pointName: 'points', expiry: { type: 'months', months: 12 } };
const policy = (body: object) => programmePolicyOf(validated(ProgrammePolicyDto, body));

const DEFAULTS = {
  ...LEAST,
  tierExpiry: {},
  pending: { type: 'none' },
  announceExpiryDays: 30,
  maximumBalance: null,
  minValidityDaysOnRestore: null,
  returnPolicy: 'debt',
  correctionPolicy: 'debt',
  onReturn: 'reevaluate',
  pointsOffBasket: null,
  transfers: null,
  backdating: { receiptDays: null, returnDays: null, creditDays: null, olderReceipts: 'postWhenRecorded' },
  closing: { graceDays: 0 },
  booksFrom: null,
  phoneRegion: null,
  twoPersons: [],
  unmatchedReceipts: null,
};

describe('a programme policy', () => {
  it('has defaults for what may be left out', () => {
    expect(policy(LEAST)).toEqual(DEFAULTS);
    expect(
      policy({ ...LEAST, pointsOffBasket: { minorPerPoint: 10 }, transfers: { expiry: 'keep' } }),
    ).toEqual({
      ...DEFAULTS,
      pointsOffBasket: {
        minorPerPoint: 10,
        minimumPoints: 1,
        maximumPoints: null,
        maximumMinor: null,
        maximumShare: null,
      },
      transfers: { expiry: 'keep', minimumPoints: 1, maximumPoints: null },
    });
  });

  it('keeps what it says', () => {
    const body = {
      pointName: '點',
      expiry: { type: 'endOf', unit: 'year', after: { months: 12 } },
      tierExpiry: { gold: { type: 'never' }, 'a/b~c': { type: 'sliding', months: 6 } },
      pending: { type: 'event', event: 'delivered', thenDays: 14, cancelAfterDays: 60 },
      announceExpiryDays: 0,
      maximumBalance: 1000,
      minValidityDaysOnRestore: 0,
      returnPolicy: 'forgive',
      correctionPolicy: 'refuse',
      onReturn: 'keep',
      pointsOffBasket: {
        minorPerPoint: 100,
        minimumPoints: 10,
        maximumPoints: 500,
        maximumMinor: 50_000,
        maximumShare: '0.5',
      },
      transfers: { expiry: 'reset', minimumPoints: 5, maximumPoints: 5 },
      backdating: { receiptDays: 30, returnDays: 90, creditDays: 0, olderReceipts: 'refuse' },
      closing: { graceDays: 30 },
      booksFrom: '2026-01',
      phoneRegion: 'TW',
      twoPersons: ['earning-rule', 'tier-set'],
      unmatchedReceipts: { claimDays: 30 },
    };
    expect(policy(body)).toEqual(body);
  });

  it.each([
    [{ maximumBalance: 0 }, '/maximumBalance'],
    [{ backdating: { receiptDays: -1 } }, '/backdating/receiptDays'],
    [{ closing: {} }, '/closing/graceDays'],
    [{ closing: { graceDays: 3651 } }, '/closing/graceDays'],
    [{ backdating: { creditDays: 3651 } }, '/backdating/creditDays'],
    [{ backdating: { olderReceipts: 'keep' } }, '/backdating/olderReceipts'],
    [{ booksFrom: '2026-13' }, '/booksFrom'],
    [{ announceExpiryDays: 366 }, '/announceExpiryDays'],
    [{ minValidityDaysOnRestore: 3651 }, '/minValidityDaysOnRestore'],
    [{ returnPolicy: 'refund' }, '/returnPolicy'],
    [{ onReturn: 'maybe' }, '/onReturn'],
    [{ correctionPolicy: 'keep' }, '/correctionPolicy'],
    [{ pending: { type: 'days' } }, '/pending/days'],
    [{ tierExpiry: { gold: { type: 'months' } } }, '/tierExpiry/gold/months'],
    [{ tierExpiry: { 'a/b~c': { type: 'sliding' } } }, '/tierExpiry/a~1b~0c'],
    [{ tierExpiry: { gold: 'never' } }, '/tierExpiry/gold'],
    [{ tierExpiry: [] }, '/tierExpiry'],
    [{ tierExpiry: 'gold' }, '/tierExpiry'],
    [{ pointsOffBasket: { minorPerPoint: 1, maximumShare: '1.1' } }, '/pointsOffBasket/maximumShare'],
    [
      { pointsOffBasket: { minorPerPoint: 1, minimumPoints: 9, maximumPoints: 8 } },
      '/pointsOffBasket/maximumPoints',
    ],
    [{ transfers: { minimumPoints: 1 } }, '/transfers/expiry'],
    [{ transfers: { expiry: 'keep', minimumPoints: 9, maximumPoints: 8 } }, '/transfers/maximumPoints'],
  ])('may not say %j', (fields, pointer) => {
    const read = () => policy({ ...LEAST, ...fields });
    expect(read).toThrow(ProblemException);
    try {
      read();
    } catch (error) {
      expect((error as ProblemException).problem.errors?.map((fault) => fault.pointer)).toContain(pointer);
    }
  });
});

describe('the expiry of a member', () => {
  const tiered = { ...policy(LEAST), tierExpiry: { gold: { type: 'never' } } } as const;

  it.each([
    ['gold', 'never'],
    ['silver', 'months'],
    ['toString', 'months'],
    [null, 'months'],
  ])('of tier %s is %s', (tier, type) => {
    expect(memberExpiry(tiered, tier).type).toBe(type);
  });
});

const { booksFrom: _, ...IN_FORCE } = DEFAULTS;

describe('a policy that was published before it had all its fields', () => {
  it('is read as if it had said what held then', () => {
    const body = { ...LEAST, pointsOffBasket: { minorPerPoint: 10, minimumPoints: 3 } };
    const version = {
      kind: programmePolicyKind.name,
      key: PROGRAMME_POLICY_KEY,
      version: 1,
      effectiveAt: 0,
      body,
    };
    const config = new ConfigSnapshot('prg_01h455vb4pex5vsknk084sn02q', 'TWD', 'UTC', 1, [version]);
    const read = programmePolicyInForce(config, 1);
    expect(read).toEqual({
      ...IN_FORCE,
      pointsOffBasket: {
        minorPerPoint: 10,
        minimumPoints: 3,
        maximumPoints: null,
        maximumMinor: null,
        maximumShare: null,
      },
    });
    expect(programmePolicyInForce(config, 2)).toBe(read);
  });

  it('and one that never was is the default', () => {
    const config = new ConfigSnapshot('prg_01h455vb4pex5vsknk084sn02q', 'TWD', 'UTC', 1, []);
    expect(programmePolicyInForce(config, 1)).toEqual({ ...IN_FORCE, expiry: { type: 'never' } });
  });
});

describe('the first month in the books', () => {
  const version = (number: number, effectiveAt: number, booksFrom?: string) => {
    const { name: kind } = programmePolicyKind;
    return { kind, key: PROGRAMME_POLICY_KEY, version: number, effectiveAt, body: { ...LEAST, booksFrom } };
  };
  const monthOf = (...versions: ReturnType<typeof version>[]) =>
    booksFromOf(new ConfigSnapshot('prg_01h455vb4pex5vsknk084sn02q', 'TWD', 'UTC', 1, versions));

  it('is that of the policy which was published last, whenever one takes effect', () => {
    expect(monthOf()).toBeNull();
    expect(monthOf(version(1, 0))).toBeNull();
    expect(monthOf(version(1, 900, '2026-09'), version(2, 0, '2026-01'))).toBe('2026-01');
    expect(monthOf(version(1, 0, '2026-01'), version(2, 900, '2026-09'))).toBe('2026-09');
  });
});

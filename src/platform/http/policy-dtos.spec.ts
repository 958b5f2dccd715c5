import type { FieldError } from '../../kernel/problem.js';
import { ExpiryPolicyDto, expiryPolicyOf } from './expiry-policy.dto.js';
import { PendingPolicyDto, pendingPolicyOf } from './pending-policy.dto.js';
import { ProblemException } from './problem.exception.js';
import { validated } from './validation.js';

function faults(read: () => unknown): (readonly [string, string])[] {
  try {
    read();
    return [];
  } catch (error) {
    const errors: readonly FieldError[] = (error as ProblemException).problem.errors ?? [];
    return errors.map(({ pointer, code }) => [pointer, code]);
  }
}

const expiry = (body: unknown) => expiryPolicyOf(validated(ExpiryPolicyDto, body, '/expiry'), '/expiry');
const pending = (body: unknown) => pendingPolicyOf(validated(PendingPolicyDto, body));

describe('an expiry policy', () => {
  it('has null where a field may be left out for nothing', () => {
    expect(expiry({ type: 'endOf', unit: 'month', after: null, days: null })).toEqual({
      type: 'endOf',
      unit: 'month',
    });
  });

  it.each([
    { type: 'never' },
    { type: 'days', days: 30 },
    { type: 'months', months: 12 },
    { type: 'endOf', unit: 'quarter' },
    { type: 'endOf', unit: 'month', after: { months: 1 } },
    { type: 'endOf', unit: 'half', after: { days: 10 } },
    { type: 'fixedDate', date: '02-29' },
    { type: 'fixedDate', date: '2026-12-31', minimumDays: 30 },
    { type: 'sliding', months: 18 },
    { type: 'sliding', days: 90 },
  ])('may be %j, and is kept as it is', (body) => {
    expect(expiry(body)).toEqual(body);
  });

  it.each([
    [{}, '/expiry/type', 'IS_IN'],
    [{ type: 'weeks' }, '/expiry/type', 'IS_IN'],
    [{ type: 'days' }, '/expiry/days', 'IS_WHOLE'],
    [{ type: 'never', days: 3 }, '/expiry/days', 'IS_OF_TYPES'],
    [{ type: 'days', days: 3, months: 1 }, '/expiry/months', 'IS_OF_TYPES'],
    [{ type: 'days', days: 0 }, '/expiry/days', 'IS_WHOLE'],
    [{ type: 'endOf' }, '/expiry/unit', 'IS_IN'],
    [{ type: 'endOf', unit: 'day' }, '/expiry/unit', 'IS_IN'],
    [{ type: 'endOf', unit: 'month', after: {} }, '/expiry/after', 'ONE_OF'],
    [{ type: 'endOf', unit: 'month', after: { days: 1, months: 1 } }, '/expiry/after', 'ONE_OF'],
    [{ type: 'endOf', unit: 'month', after: { days: 'ten' } }, '/expiry/after/days', 'IS_WHOLE'],
    [{ type: 'days', days: null }, '/expiry/days', 'IS_WHOLE'],
    [{ type: 'endOf', unit: 'month', after: [] }, '/expiry/after', 'NOT_AN_OBJECT'],
    [{ type: 'fixedDate' }, '/expiry/date', 'IS_FIXED_DATE'],
    [{ type: 'fixedDate', date: '02-30' }, '/expiry/date', 'IS_FIXED_DATE'],
    [{ type: 'months', months: 1, minimumDays: 1 }, '/expiry/minimumDays', 'IS_OF_TYPES'],
    [{ type: 'sliding' }, '/expiry', 'ONE_OF'],
    [{ type: 'sliding', days: 1, months: 1 }, '/expiry', 'ONE_OF'],
    [{ type: 'never', forever: true }, '/expiry/forever', 'UNKNOWN_FIELD'],
    ['never', '/expiry', 'NOT_AN_OBJECT'],
  ])('may not be %j', (body, pointer, code) => {
    expect(faults(() => expiry(body))).toContainEqual([pointer, code]);
  });
});

describe('a pending policy', () => {
  it.each([
    { type: 'none' },
    { type: 'days', days: 7 },
    { type: 'dates', dates: ['01-01', '2026-07-01'] },
    { type: 'event', event: 'returnWindowOver', thenDays: 3, cancelAfterDays: 60 },
  ])('may be %j, and is kept as it is', (body) => {
    expect(pending(body)).toEqual(body);
  });

  it('waits no longer after an event unless it says so', () => {
    expect(pending({ type: 'event', event: 'delivered', cancelAfterDays: 60 })).toMatchObject({
      thenDays: 0,
    });
  });

  it.each([
    [{ type: 'days' }, '/days', 'IS_WHOLE'],
    [{ type: 'none', days: 1 }, '/days', 'IS_OF_TYPES'],
    [{ type: 'dates', dates: [] }, '/dates', 'ARRAY_MIN_SIZE'],
    [{ type: 'dates', dates: ['01-01', '01-01'] }, '/dates', 'ARRAY_UNIQUE'],
    [{ type: 'dates', dates: ['monday'] }, '/dates', 'IS_FIXED_DATE'],
    [{ type: 'dates', dates: '01-01' }, '/dates', 'IS_ARRAY'],
    [{ type: 'event', cancelAfterDays: 1 }, '/event', 'MATCHES'],
    [{ type: 'event', event: 'Delivered!', cancelAfterDays: 1 }, '/event', 'MATCHES'],
    [{ type: 'event', event: 'delivered' }, '/cancelAfterDays', 'IS_WHOLE'],
    [{ type: 'days', days: 1, thenDays: 1 }, '/thenDays', 'IS_OF_TYPES'],
  ])('may not be %j', (body, pointer, code) => {
    expect(faults(() => pending(body))).toContainEqual([pointer, code]);
  });
});

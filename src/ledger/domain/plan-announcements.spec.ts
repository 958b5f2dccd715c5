import type { MemberId } from '../../kernel/ids.js';
import { couldBeNear, planAnnouncements, type EndingLot } from './plan-announcements.js';

const ANNA = 'mbr_1' as MemberId;
const BEN = 'mbr_2' as MemberId;
const at = (text: string) => Date.parse(text);
/** The last day of winter time in Warsaw is 28 March 2026. */
const END_OF_MARCH = at('2026-04-01T00:00:00+02:00');

function lot(overrides: Partial<EndingLot> = {}): EndingLot {
  return {
    memberId: ANNA,
    available: 100,
    availableAt: at('2026-01-10T12:00:00+01:00'),
    expiresAt: END_OF_MARCH,
    firstExpiresAt: null,
    slides: false,
    ...overrides,
  };
}

function plan(
  now: string,
  lots: readonly EndingLot[],
  announced: readonly number[] = [],
  daysAt: (midnight: number) => number = () => 10,
) {
  return planAnnouncements(lots, announced, { now: at(now), timeZone: 'Europe/Warsaw', daysAt });
}

describe('what expires soon', () => {
  const soon = {
    at: at('2026-03-22T00:00:00+01:00'),
    expiresAt: END_OF_MARCH,
    points: 100,
    memberIds: [ANNA],
  };

  it('is announced from the midnight on at which so many days are left, over the change of the clocks', () => {
    expect(plan('2026-03-21T23:59:59+01:00', [lot()])).toEqual([]);
    expect(plan('2026-03-22T00:00:00+01:00', [lot()])).toEqual([soon]);
  });

  it('is announced late as of the same midnight, and not once it is over', () => {
    expect(plan('2026-03-31T23:59:59+02:00', [lot()])).toEqual([soon]);
    expect(plan('2026-04-01T00:00:00+02:00', [lot()])).toEqual([]);
  });

  it('is announced once', () => {
    expect(plan('2026-03-25T00:00:00+01:00', [lot(), lot({ available: 7 })], [END_OF_MARCH])).toEqual([]);
  });

  it('is one announcement a date, with the points of all its lots and whose they are, the next date first', () => {
    const lots = [
      lot({ memberId: BEN }),
      lot({ available: 20 }),
      lot({ available: 0 }),
      lot({ expiresAt: null }),
      lot({ available: 5, expiresAt: at('2026-03-30T00:00:00+02:00') }),
    ];
    expect(plan('2026-03-25T00:00:00+01:00', lots)).toEqual([
      {
        at: at('2026-03-20T00:00:00+01:00'),
        expiresAt: at('2026-03-30T00:00:00+02:00'),
        points: 5,
        memberIds: [ANNA],
      },
      { ...soon, points: 120, memberIds: [ANNA, BEN] },
    ]);
  });

  it('counts the day whole on which points end in the middle', () => {
    const lots = [lot({ expiresAt: at('2026-03-31T12:00:00+02:00') })];
    expect(plan('2026-03-21T23:59:59+01:00', lots)).toEqual([]);
    expect(plan('2026-03-22T00:00:00+01:00', lots)).toMatchObject([{ at: soon.at }]);
  });

  it('of points that come when their end is near, is announced at the midnight after', () => {
    const lots = [lot({ availableAt: at('2026-03-25T10:00:00+01:00') })];
    expect(plan('2026-03-25T23:00:00+01:00', lots)).toEqual([]);
    expect(plan('2026-03-28T08:00:00+01:00', lots)).toMatchObject([{ at: at('2026-03-26T00:00:00+01:00') }]);
  });

  it('of points that become usable at a midnight, is announced with it', () => {
    const lots = [lot({ availableAt: at('2026-03-25T00:00:00+01:00') })];
    expect(plan('2026-03-25T00:00:00+01:00', lots)).toMatchObject([{ at: at('2026-03-25T00:00:00+01:00') }]);
  });

  it('of points that were given another end, is news of the day on which it is looked', () => {
    const lots = [lot({ firstExpiresAt: at('2026-03-01T00:00:00+01:00') })];
    expect(plan('2026-03-27T03:00:00+01:00', lots)).toMatchObject([{ at: at('2026-03-27T00:00:00+01:00') }]);
  });

  it('of sliding points is as old as the latest of them', () => {
    const lots = [lot({ slides: true }), lot({ slides: true, availableAt: at('2026-03-24T10:00:00+01:00') })];
    expect(plan('2026-03-27T03:00:00+01:00', lots)).toMatchObject([
      { at: at('2026-03-25T00:00:00+01:00'), points: 200 },
    ]);
  });

  it('is evaluated with what was in force at each midnight', () => {
    const daysAt = (midnight: number) => (midnight < at('2026-03-26T00:00:00+01:00') ? 0 : 30);
    expect(plan('2026-03-25T12:00:00+01:00', [lot()], [], daysAt)).toEqual([]);
    expect(plan('2026-03-28T12:00:00+01:00', [lot()], [], daysAt)).toMatchObject([
      { at: at('2026-03-26T00:00:00+01:00') },
    ]);
  });

  it('reaches back a year and no further', () => {
    const lots = [lot({ availableAt: 0, expiresAt: at('2027-04-01T00:00:00+02:00') })];
    expect(plan('2026-12-31T00:00:00+01:00', lots, [], () => 365)).toMatchObject([
      { at: at('2026-04-01T00:00:00+02:00') },
    ]);
  });

  it('can be told without the lots: what could not be announced yet, whoever has it, ends no earlier than the rest', () => {
    const near = (now: string, expiresAt: number) =>
      couldBeNear(expiresAt, { now: at(now), timeZone: 'Europe/Warsaw', daysAt: () => 10 });
    expect(near('2026-03-21T23:59:59+01:00', END_OF_MARCH)).toBe(false);
    expect(near('2026-03-22T00:00:00+01:00', END_OF_MARCH)).toBe(true);
    expect(near('2026-03-22T00:00:00+01:00', END_OF_MARCH + 1)).toBe(false);
  });
});

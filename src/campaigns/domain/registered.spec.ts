import { numberedId } from '../../../test/builders/ids.js';
import type { Campaign } from './campaign.js';
import { countsFor, whyNotOpen, type KnownRegistration } from './registered.js';

const at = (text: string) => Date.parse(text);
const CAMPAIGN: Campaign = {
  names: { en: 'Spring', 'zh-Hant': '春季' },
  opensAt: '2026-03-01T00:00:00.000Z',
  closesAt: '2026-03-20T00:00:00.000Z',
  startsAt: '2026-03-05T00:00:00.000Z',
  endsAt: '2026-04-01T00:00:00.000Z',
  countsFrom: 'registration',
  registeredBy: ['pos'],
  places: { inAll: null, perDay: null },
};

function registration(registeredAt: string, cancelledAt: string | null = null): KnownRegistration {
  return {
    registrationId: numberedId('reg', 1),
    ...{ campaignId: 'spring', version: 1, businessDate: registeredAt.slice(0, 10), pointsGranted: 0 },
    registeredAt: at(registeredAt),
    cancelledAt: cancelledAt === null ? null : at(cancelledAt),
  };
}

describe('members can register for a campaign', () => {
  it.each([
    ['2026-02-28T23:59:59.999Z', 'notOpenYet'],
    ['2026-03-01T00:00:00Z', null],
    ['2026-03-19T23:59:59.999Z', null],
    ['2026-03-20T00:00:00Z', 'closed'],
  ])('at %s: %s', (now, why) => {
    expect(whyNotOpen(CAMPAIGN, at(now))).toBe(why);
  });
});

describe('what occurred counts for a campaign', () => {
  const once = [registration('2026-03-10T10:00:00Z')];
  const left = [registration('2026-03-10T10:00:00Z', '2026-03-12T00:00:00Z')];
  const again = [...left, registration('2026-03-14T00:00:00Z')];

  it.each([
    ['from the registration on', 'registration', once, '2026-03-10T10:00:00Z', true],
    ['not before it', 'registration', once, '2026-03-10T09:59:59.999Z', false],
    [
      'not before the campaign starts',
      'registration',
      [registration('2026-03-02T00:00:00Z')],
      '2026-03-04T23:59:59.999Z',
      false,
    ],
    ['until the campaign ends', 'registration', once, '2026-03-31T23:59:59.999Z', true],
    ['not after it', 'registration', once, '2026-04-01T00:00:00Z', false],
    ['without a registration never', 'start', [], '2026-03-10T10:00:00Z', false],
    ['from the start, where that is declared', 'start', once, '2026-03-05T00:00:00Z', true],
    ['while the registration was in force', 'registration', left, '2026-03-11T23:59:59.999Z', true],
    ['not once it was cancelled', 'registration', left, '2026-03-12T00:00:00Z', false],
    ['not between two registrations', 'registration', again, '2026-03-13T00:00:00Z', false],
    ['under the second of two', 'registration', again, '2026-03-14T00:00:00Z', true],
  ] as const)('%s', (_, countsFrom, registrations, occurredAt, counts) => {
    expect(countsFor({ ...CAMPAIGN, countsFrom }, registrations, at(occurredAt))).toBe(counts);
  });
});

import { createHash } from 'node:crypto';
import { anchorHash, anchorStatement, daysToAnchor, FIRST_ANCHOR, type Anchor } from './anchor.js';
import { numberedId } from '../../../test/builders/ids.js';

const ANCHOR: Anchor = {
  programmeId: numberedId('prg', 1),
  day: '2026-03-29',
  cutOff: Date.parse('2026-03-29T22:00:00Z'),
  accounts: 3,
  digest: 'ab'.repeat(32),
  previousHash: FIRST_ANCHOR,
  recordedAt: Date.parse('2026-03-29T22:10:30.250Z'),
};

describe('an anchor', () => {
  it('is one line of text that anybody can write down again', () => {
    const statement = anchorStatement(ANCHOR);
    expect(statement).toBe(
      `laurel-anchor-1|${ANCHOR.programmeId}|2026-03-29|2026-03-29T22:00:00.000Z|3|${'ab'.repeat(32)}|${'0'.repeat(64)}|2026-03-29T22:10:30.250Z`,
    );
    expect(anchorHash(ANCHOR)).toBe(createHash('sha256').update(statement).digest('hex'));
  });

  it.each<[keyof Anchor, Partial<Anchor>]>([
    ['programmeId', { programmeId: numberedId('prg', 2) }],
    ['day', { day: '2026-03-30' }],
    ['cutOff', { cutOff: ANCHOR.cutOff + 1 }],
    ['accounts', { accounts: 4 }],
    ['digest', { digest: 'ac'.repeat(32) }],
    ['previousHash', { previousHash: 'ab'.repeat(32) }],
    ['recordedAt', { recordedAt: ANCHOR.recordedAt + 1 }],
  ])('has another hash when its %s is another', (_, change) => {
    expect(anchorHash({ ...ANCHOR, ...change })).not.toBe(anchorHash(ANCHOR));
  });
});

describe('the days to anchor', () => {
  const zone = 'Europe/Warsaw';
  const days = (now: string, lastAnchor: string | null, createdAt = '2026-01-01T00:00:00Z') =>
    daysToAnchor(Date.parse(now), zone, { createdAt: Date.parse(createdAt), lastAnchor });

  it('are over for ten minutes in the programme’s zone', () => {
    expect(days('2026-03-29T22:09:59.999Z', '2026-03-28')).toEqual([]);
    expect(days('2026-03-29T22:10:00Z', '2026-03-28')).toEqual(['2026-03-29']);
    expect(days('2026-03-30T22:09:00Z', '2026-03-29')).toEqual([]);
  });

  it('include every day that was missed', () => {
    expect(days('2026-04-01T12:00:00+02:00', '2026-03-28')).toEqual([
      '2026-03-29',
      '2026-03-30',
      '2026-03-31',
    ]);
  });

  it('begin with the latest, for a programme that was there by then', () => {
    expect(days('2026-04-01T12:00:00+02:00', null)).toEqual(['2026-03-31']);
    expect(days('2026-04-01T12:00:00+02:00', null, '2026-03-31T23:59:59+02:00')).toEqual(['2026-03-31']);
    expect(days('2026-04-01T12:00:00+02:00', null, '2026-04-01T00:00:00+02:00')).toEqual([]);
  });

  it('are none where the clock went back', () => {
    expect(days('2026-03-01T12:00:00+01:00', '2026-03-28')).toEqual([]);
  });
});

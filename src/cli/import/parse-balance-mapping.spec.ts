import { MappingError } from './mapping.js';
import { parseBalanceMapping } from './parse-balance-mapping.js';

const GOOD = {
  currency: 'TWD',
  source: 'old-pos',
  externalId: { columns: ['member', 'ends'], separator: '/' },
  member: 'member',
  points: 'points',
  origin: { constant: 'purchase' },
  earnedOn: 'earned',
};

const faultsOf = (changes: object): readonly string[] => {
  try {
    parseBalanceMapping(JSON.stringify({ ...GOOD, ...changes }));
    return [];
  } catch (error) {
    return (error as MappingError).faults;
  }
};

describe('parseBalanceMapping', () => {
  it('fills in what is left out', () => {
    expect(parseBalanceMapping(JSON.stringify(GOOD))).toMatchObject({
      carried: null,
      expiresOn: null,
      earnedOn: { cell: { column: 'earned' }, format: null, calendar: 'gregorian' },
      externalId: { kind: 'joined', columns: ['member', 'ends'] },
    });
  });

  it.each([
    [{ source: undefined }, 'source: is missing'],
    [{ earnedOn: { column: 'a', calendar: 'maya' } }, 'earnedOn.calendar: must be one of'],
    [{ points: { lookup: 'l', column: 'p' } }, 'points.lookup: a mapping of balances has no lookups'],
    [{ timeZone: 'Asia/Taipei' }, 'timeZone: there is no such field'],
    [{ currency: 'twd' }, 'currency: must be an ISO 4217 code'],
  ])('%j is refused: %s', (changes, fault) =>
    expect(faultsOf(changes)).toContainEqual(expect.stringContaining(fault)),
  );
});

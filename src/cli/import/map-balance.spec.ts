import { balanceMapper } from './map-balance.js';
import { parseBalanceMapping } from './parse-balance-mapping.js';

const HEADER = ['lot', 'who', 'points', 'money', 'day'];
const toLot = balanceMapper(
  parseBalanceMapping(
    JSON.stringify({
      ...{ currency: 'TWD', source: 'old', externalId: 'lot', member: 'who', points: 'points' },
      ...{ carried: 'money', origin: { constant: 'purchase' }, earnedOn: 'day' },
    }),
  ),
  HEADER,
);

describe('balanceMapper', () => {
  it.each([
    ['L,C,1,0.50,2025-06-01', { kind: 'lot', lot: { points: 1, carriedMinor: 50 } }],
    [',C,0,,', { kind: 'empty' }],
    ['L,C,0,0.00,2025-06-01', { kind: 'empty' }],
    ['L,C,0,0.01,2025-06-01', { kind: 'fault', row: { code: 'CARRIED_WITHOUT_POINTS' } }],
    ['L,C,,,2025-06-01', { kind: 'fault', row: { code: 'POINTS_BLANK' } }],
    ['L,C,0,,2025-06-01,x', { kind: 'fault', row: { code: 'COLUMN_COUNT' } }],
    ['L,C,1,,+012345-01-01', { kind: 'fault', row: { code: 'EARNED_ON_UNREADABLE' } }],
  ])('%s', (text, expected) => expect(toLot({ row: 2, cells: text.split(',') })).toMatchObject(expected));
});

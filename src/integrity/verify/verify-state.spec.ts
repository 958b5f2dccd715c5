import { Differences, MAX_DIFFERENCES, type Difference } from './difference.js';
import { newState, reportOf, withPage, VERIFY_PHASES } from './verify-state.js';

const difference: Difference = { check: 'lot.points', expected: '1', actual: '2' };
const page = (counts: object, found: number, after: string | null) => {
  const differences = new Differences();
  differences.add(Array.from({ length: found }, () => difference));
  return { counts, differences, after };
};

describe('the state of a run', () => {
  it('goes through every phase, page by page, and counts each once', () => {
    let state = newState(null, 7);
    state = withPage(state, page({ accounts: 5, lots: 9 }, 0, 'acc_5'));
    expect(state).toMatchObject({ phase: 'accounts', after: 'acc_5', counts: { accounts: 5, lots: 9 } });
    state = withPage(state, page({ accounts: 2, lots: 1 }, 1, null));
    expect(state).toMatchObject({ phase: 'receipts', after: null, counts: { accounts: 7, lots: 10 } });
    for (const phase of VERIFY_PHASES.slice(1)) {
      expect(state.phase).toBe(phase);
      state = withPage(state, page({}, 0, null));
    }
    expect(state.phase).toBeNull();
    expect(reportOf(state)).toEqual({
      programmeId: null,
      ...{ accounts: 7, lots: 10, movements: 0, receipts: 0, members: 0, anchors: 0, unsignedAnchors: 0 },
      differences: [difference],
      differenceCount: 1,
      clean: false,
    });
  });

  it('lists the first thousand differences of all pages together and counts all', () => {
    let state = newState(null, 1);
    state = withPage(state, page({}, 999, 'a'));
    state = withPage(state, page({}, 2 * MAX_DIFFERENCES, 'b'));
    expect(state.differences).toHaveLength(MAX_DIFFERENCES);
    expect(state.differenceCount).toBe(2999);
  });

  it('survives being written down', () => {
    const state = withPage(newState(null, 1), page({ accounts: 1 }, 1, 'acc_1'));
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

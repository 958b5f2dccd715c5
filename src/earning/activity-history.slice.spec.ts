import { numberedId } from '../../test/builders/ids.js';
import type { DomainEvent } from '../kernel/domain-events.js';
import { activityHistorySlice as slice } from './activity-history.slice.js';

const FACTS = { currency: 'PLN', timeZone: 'Europe/Warsaw', programmeId: numberedId('prg', 1) };

function event(
  type: 'activity.recorded' | 'activity.cancelled',
  id: string,
  occurredAt: number,
): DomainEvent {
  return { type, data: { activity: { type: { id, version: 1 }, occurredAt } } } as unknown as DomainEvent;
}

describe('what a member did before', () => {
  const loaded = slice.read({ activity_types: 'check-in\nreview', activity_history: [['review', 5]] });

  it('is nothing where no rule asks', () => {
    const state = slice.read({ activity_types: null, activity_history: null });
    expect(state).toBeNull();
    expect(slice.apply(state, event('activity.recorded', 'review', 7), FACTS)).toBeNull();
  });

  it('is read by type, with types that the member never did', () => {
    expect(loaded).toEqual(
      new Map([
        ['check-in', []],
        ['review', [5]],
      ]),
    );
  });

  it('grows with what is recorded and shrinks with what is cancelled, once each', () => {
    const twice = [5, 7].reduce(
      (state, at) => slice.apply(state, event('activity.recorded', 'review', at), FACTS),
      loaded,
    );
    expect(twice?.get('review')).toEqual([5, 5, 7]);
    expect(slice.apply(twice, event('activity.cancelled', 'review', 5), FACTS)?.get('review')).toEqual([
      5, 7,
    ]);
    expect(slice.apply(twice, event('activity.recorded', 'dance', 9), FACTS)).toBe(twice);
  });

  it('of two commands has the types that either asks for', () => {
    const other = { activity_types: 'visit', activity_history: [['visit', 3]] };
    expect(slice.merge?.(loaded, other)).toEqual(
      new Map([
        ['visit', [3]],
        ['check-in', []],
        ['review', [5]],
      ]),
    );
  });
});

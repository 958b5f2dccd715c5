import { unreadable } from './activity-condition-faults.js';

const none = { required: false, maxLength: null, minimum: null, maximum: null, values: null };
const REVIEW = {
  attributes: [
    { ...none, name: 'stars', type: 'whole' as const },
    { ...none, name: 'photo', type: 'boolean' as const },
    { ...none, name: 'on', type: 'date' as const },
    { ...none, name: 'place', type: 'oneOf' as const, values: ['web'] },
  ],
};

describe('what a condition reads of an activity', () => {
  it('is there where the type has it, of the type by which it is read', () => {
    const keys = ['activity.number("stars")', 'activity.flag("photo")', 'activity.date("on")', 'time.hour'];
    expect(
      unreadable(REVIEW, [...keys, 'activity.text("place")', 'activity.source', 'member.text("x")']),
    ).toBeNull();
  });

  it('is refused where the type has no such attribute, or another type of it', () => {
    expect(unreadable(REVIEW, ['activity.number("star")'])).toBe('The activity type has no attribute star.');
    expect(unreadable(REVIEW, ['activity.text("stars")'])).toBe(
      'The attribute stars is read by activity.number("stars").',
    );
  });
});

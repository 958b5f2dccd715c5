import type { ActivityType, AttributeType } from './activity-type.js';

/** How a condition reads attributes of each type. */
const READ_BY: Readonly<Record<AttributeType, string>> = {
  text: 'text',
  oneOf: 'text',
  whole: 'number',
  decimal: 'number',
  boolean: 'flag',
  date: 'date',
};

/** `activity.number("stars")` and the like, as conditions name what they read. */
const ATTRIBUTE = /^activity\.(text|number|flag|date)\((.*)\)$/s;

/**
 * The first thing that a condition reads of an activity and that the activity's type does not have, said in a sentence;
 * null where all is there.
 * @param keys what the condition reads.
 */
export function unreadable(
  { attributes }: Pick<ActivityType, 'attributes'>,
  keys: readonly string[],
): string | null {
  for (const key of keys) {
    const [, method, argument] = ATTRIBUTE.exec(key) ?? [];
    if (method === undefined || argument === undefined) continue;
    const name = JSON.parse(argument) as string;
    const schema = attributes.find((attribute) => attribute.name === name);
    if (!schema) return `The activity type has no attribute ${name}.`;
    const right = READ_BY[schema.type];
    if (right !== method) return `The attribute ${name} is read by activity.${right}(${argument}).`;
  }
  return null;
}

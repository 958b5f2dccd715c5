import { day, instant, list, object, oneOf, page, ref, text, whole } from '../kernel/json-schema.js';

/** What the routes of this module answer, by name. */
export const calendarSchemas = {
  CalendarGift: object({
    id: text,
    rule: object({ id: text, version: whole }),
    on: oneOf(['birthday', 'enrolment']),
    day,
    years: whole,
    occurredAt: instant,
    recordedAt: instant,
    points: whole,
    explanation: list(ref('RuleTrace')),
  }),
  CalendarGifts: page(ref('CalendarGift')),
};

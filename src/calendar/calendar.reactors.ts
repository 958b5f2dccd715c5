import { awardsOfOccasion, CALENDAR, rulesTriggeredBy } from '../earning/index.js';
import { ok } from '../kernel/result.js';
import { startOfDay } from '../kernel/time.js';
import { memberSlice, statusAt } from '../members/index.js';
import { reactor } from '../platform/pipeline/index.js';
import { calendarSlice } from './calendar.slice.js';

/** Each rule that gives for the day gives a gift of its own, under an id of its own. */
export const giveGifts = reactor({
  name: 'calendar.giveGifts',
  on: 'calendar.dayCame',
  react: ({ data, occurredAt }, work) => {
    const { status, statusChanges } = work.member(memberSlice);
    const memberActive = statusAt(status, statusChanges, occurredAt) === 'active';
    return ok(
      data.gifts.map((gift) => ({
        type: 'calendar.giftCame' as const,
        data: { ...gift, giftId: work.ids.next('gft'), memberActive },
      })),
    );
  },
});

/** Works out what a gift comes to, by the version of the rule and the standing of the midnight. */
export const earnOnCalendar = reactor({
  name: 'calendar.earnOnCalendar',
  on: 'calendar.giftCame',
  react: ({ data: { giftId, rule, day, memberActive }, occurredAt }, work) => {
    const rules = rulesTriggeredBy(work.config, startOfDay(day, work.config.timeZone), CALENDAR);
    const person = work.member(calendarSlice).person;
    const occasion = {
      source: { kind: 'calendar', id: giftId, occurredAt, businessDate: day },
      extendsExpiry: false,
      ...{ memberActive, person },
    } as const;
    const own = rules.filter(({ ref }) => ref.id === rule.id);
    return awardsOfOccasion(occasion, own, work);
  },
});

/** A survivor gets no second gift for what the duplicate got one for; the load after the merge finds the same. */
export const carryGifts = reactor({
  name: 'calendar.carryGifts',
  on: 'member.merged',
  react: ({ data: { survivor }, memberId }, work) => {
    const last = work.other?.member(calendarSlice).last;
    if (memberId !== survivor.memberId || !last || last.size === 0) return ok([]);
    return ok([{ type: 'calendar.giftsCarried', data: { last: [...last] } }]);
  },
});

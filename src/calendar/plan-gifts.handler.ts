import { ok } from '../kernel/result.js';
import { memberProblems } from '../members/index.js';
import type { CommandHandler } from '../platform/pipeline/index.js';
import { calendarSlice } from './calendar.slice.js';
import { nextMidnight } from './gift-days.js';

/** Works out when a member's next anniversary comes, where that may have moved. What fell due is applied before. */
export const planGifts: CommandHandler<Record<string, never>> = {
  type: 'member.planGifts',
  repeatable: true,
  needsLazyRows: () => true,
  preload: 'referenced',
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'There is no such member.'),
  naturalConflict: () => memberProblems.problem('MEMBER_NOT_FOUND', 'There is no such member.'),
  decide: (_body, work) => {
    const state = work.member(calendarSlice);
    const dueAt = nextMidnight(state, work.config);
    if (dueAt !== state.dueAt) {
      const emitted = work.emit({ type: 'calendar.planned', data: { dueAt } });
      if (!emitted.ok) return emitted;
    }
    return ok({ status: 200, body: {} });
  },
};

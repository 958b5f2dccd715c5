import { defineProblems } from '../kernel/problem.js';

export const householdProblems = defineProblems({
  HOUSEHOLD_NOT_FOUND: { status: 404, title: 'No such household' },
  HOUSEHOLD_CLOSED: { status: 409, title: 'The household was closed' },
  HOUSEHOLD_FULL: { status: 409, title: 'The household has as many members as one may have' },
  HOUSEHOLD_CONFLICT: { status: 422, title: 'Sent before with another body' },
  ALREADY_IN_HOUSEHOLD: { status: 409, title: 'The member is in a household already' },
  NOT_IN_HOUSEHOLD: { status: 409, title: 'The member is not in this household' },
  HEAD_MUST_STAY: { status: 409, title: 'The head stays while others are in' },
});

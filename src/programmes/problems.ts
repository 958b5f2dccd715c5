import { defineProblems } from '../kernel/problem.js';

export const programmeProblems = defineProblems({
  BOOKS_FROM_KEPT: { status: 409, title: 'The books have begun' },
  TIER_UNKNOWN: { status: 422, title: 'No ladder has that tier' },
});

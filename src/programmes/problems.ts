import { defineProblems } from '../kernel/problem.js';

export const programmeProblems = defineProblems({
  BOOKS_FROM_KEPT: {
    status: 409,
    title: 'The first month in the books cannot change any more',
    zhHant: '記帳首月不能再變更',
  },
  TIER_UNKNOWN: { status: 422, title: 'No ladder has this tier', zhHant: '沒有任何等級表有這個等級' },
});

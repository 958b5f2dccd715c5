import { defineProblems } from '../kernel/problem.js';

export const earningProblems = defineProblems({
  TOO_MANY_POINTS: { status: 422, title: 'More points than a receipt may earn' },
});

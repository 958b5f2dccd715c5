import { defineProblems } from '../kernel/problem.js';

export const earningProblems = defineProblems({
  TOO_MANY_POINTS: {
    status: 422,
    title: 'The receipt would earn too many points',
    zhHant: '超過一張收據可給的點數',
  },
});

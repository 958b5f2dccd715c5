import { defineProblems } from '../kernel/problem.js';

export const eventProblems = defineProblems({
  DEAD_LETTER_NOT_FOUND: { status: 404, title: 'No such dead letter', zhHant: '沒有這封死信' },
});

import { defineProblems } from '../kernel/problem.js';

export const financeProblems = defineProblems({
  NO_ACCOUNTING_POLICY: { status: 409, title: 'No accounting policy in force' },
});

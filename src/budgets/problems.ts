import { defineProblems } from '../kernel/problem.js';

export const budgetProblems = defineProblems({
  BUDGET_UNKNOWN: { status: 422, title: 'No such budget is published', zhHant: '沒有已發布的這個預算' },
  BUDGET_CHANGES_AT_ONCE: {
    status: 422,
    title: 'A budget changes at once',
    zhHant: '預算的變更立即生效',
  },
  BUDGET_BELOW_USE: {
    status: 422,
    title: 'More of the budget is used than it would allow',
    zhHant: '新的預算低於已使用的數額',
  },
});

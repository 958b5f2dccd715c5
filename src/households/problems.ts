import { defineProblems } from '../kernel/problem.js';

export const householdProblems = defineProblems({
  HOUSEHOLD_NOT_FOUND: { status: 404, title: 'No such household', zhHant: '沒有這個家庭帳戶' },
  HOUSEHOLD_CLOSED: { status: 409, title: 'The household was closed', zhHant: '家庭帳戶已關閉' },
  HOUSEHOLD_FULL: {
    status: 409,
    title: 'The household has the most members it may have',
    zhHant: '家庭帳戶的成員已達上限',
  },
  HOUSEHOLD_CONFLICT: {
    status: 422,
    title: 'The request was sent before with another body',
    zhHant: '這個請求先前以其他內容送過',
  },
  ALREADY_IN_HOUSEHOLD: {
    status: 409,
    title: 'The member is in a household already',
    zhHant: '會員已在一個家庭帳戶中',
  },
  NOT_IN_HOUSEHOLD: {
    status: 409,
    title: 'The member is not in this household',
    zhHant: '會員不在這個家庭帳戶中',
  },
  HEAD_MUST_STAY: {
    status: 409,
    title: 'The head cannot leave before the other members',
    zhHant: '還有其他成員時戶主不能離開',
  },
});

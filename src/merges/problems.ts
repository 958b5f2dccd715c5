import { defineProblems } from '../kernel/problem.js';

export const mergeProblems = defineProblems({
  SAME_MEMBER: { status: 422, title: 'Both are one member already', zhHant: '兩者已是同一位會員' },
  IN_HOUSEHOLD: {
    status: 409,
    title: 'One of the members is in a household without the other',
    zhHant: '其中一位會員所在的家庭帳戶沒有另一位',
  },
  MERGE_CONFLICT: {
    status: 422,
    title: 'The request was sent before with another body',
    zhHant: '這個請求先前以其他內容送過',
  },
});

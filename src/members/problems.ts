import { defineProblems } from '../kernel/problem.js';

export const memberProblems = defineProblems({
  MEMBER_NOT_FOUND: { status: 404, title: 'No such member', zhHant: '沒有這位會員' },
  MEMBER_ALREADY_EXISTS: {
    status: 409,
    title: 'A member has this identifier already',
    zhHant: '已有會員使用這個識別',
  },
  MEMBER_SUSPENDED: { status: 409, title: 'The member is suspended', zhHant: '會員已停權' },
  MEMBER_CLOSED: { status: 409, title: 'The membership is closed', zhHant: '會員資格已終止' },
  MEMBER_MERGED: { status: 409, title: 'The member was merged into another', zhHant: '會員已併入另一位' },
  MEMBER_ONLY_EARNS: {
    status: 409,
    title: 'The member may not use the points of the household',
    zhHant: '這位成員不能使用家庭帳戶的點數',
  },
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

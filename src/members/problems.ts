import { defineProblems } from '../kernel/problem.js';

export const memberProblems = defineProblems({
  MEMBER_NOT_FOUND: { status: 404, title: 'No such member' },
  MEMBER_ALREADY_EXISTS: { status: 409, title: 'A member is known by that already' },
  MEMBER_SUSPENDED: { status: 409, title: 'The member is suspended' },
  MEMBER_CLOSED: { status: 409, title: 'The membership is closed' },
  MEMBER_MERGED: { status: 409, title: 'The member was merged into another' },
  MEMBER_ONLY_EARNS: { status: 409, title: 'The member may not use the points of the household' },
});

import { defineProblems } from '../kernel/problem.js';

export const mergeProblems = defineProblems({
  SAME_MEMBER: { status: 422, title: 'Both are one member already' },
  IN_HOUSEHOLD: { status: 409, title: 'One of the two shares an account that the other does not' },
  MERGE_CONFLICT: { status: 422, title: 'Sent before with another body' },
});

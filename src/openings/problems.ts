import { defineProblems } from '../kernel/problem.js';

export const openingProblems = defineProblems({
  BOOKS_FROM_MISSING: { status: 409, title: 'The programme has no first month in the books' },
  BOOKS_BEGIN_LATER: { status: 409, title: 'The first month in the books is still to come' },
  BOOKS_BEGUN: { status: 409, title: 'The books have gone on since the opening' },
  CONTROL_TOTALS_DIFFER: { status: 422, title: 'Not what the control totals say' },
  OPENING_CONFLICT: { status: 422, title: 'The lot was brought in with another content' },
  OPENING_EARNED_LATER: { status: 422, title: 'Earned after the opening' },
  OPENING_EXPIRED: { status: 422, title: 'Over before the opening' },
  OPENING_CARRIES_MONEY: { status: 422, title: 'Points given freely carry no money' },
});

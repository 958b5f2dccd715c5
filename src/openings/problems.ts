import { defineProblems } from '../kernel/problem.js';

export const openingProblems = defineProblems({
  BOOKS_FROM_MISSING: {
    status: 409,
    title: 'The programme has no first month in the books',
    zhHant: '計畫沒有記帳首月',
  },
  BOOKS_BEGIN_LATER: {
    status: 409,
    title: 'The first month in the books has not begun',
    zhHant: '記帳首月尚未開始',
  },
  BOOKS_BEGUN: {
    status: 409,
    title: 'Points were earned in the books after the opening',
    zhHant: '開帳之後帳上已有給點',
  },
  CONTROL_TOTALS_DIFFER: {
    status: 422,
    title: 'The lots differ from the control totals',
    zhHant: '與控制合計不符',
  },
  OPENING_CONFLICT: {
    status: 422,
    title: 'The lot was brought in with other content',
    zhHant: '批次曾以不同內容轉入',
  },
  OPENING_EARNED_LATER: {
    status: 422,
    title: 'The points were earned after the opening',
    zhHant: '點數在開帳之後取得',
  },
  OPENING_EXPIRED: {
    status: 422,
    title: 'The points expired before the opening',
    zhHant: '點數在開帳之前已到期',
  },
  OPENING_CARRIES_MONEY: {
    status: 422,
    title: 'Points that come from no purchase carry no money',
    zhHant: '非消費給點不帶金額',
  },
});

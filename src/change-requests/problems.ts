import { defineProblems } from '../kernel/problem.js';

export const changeRequestProblems = defineProblems({
  CHANGE_REQUEST_NOT_FOUND: { status: 404, title: 'No such change request', zhHant: '沒有這筆變更申請' },
  SECOND_PERSON_REQUIRED: {
    status: 403,
    title: 'A key of another line must decide on the change',
    zhHant: '須由另一個系列的金鑰決定這項變更',
  },
  CHANGE_LAPSED: { status: 409, title: 'The change request lapsed', zhHant: '變更申請已經失效' },
  CHANGE_NOT_OPEN: { status: 409, title: 'The change request was decided', zhHant: '變更申請已有決定' },
});

import { defineProblems } from '../kernel/problem.js';

export const transferProblems = defineProblems({
  TRANSFERS_DISABLED: {
    status: 409,
    title: 'Members of this programme cannot send points',
    zhHant: '這個計畫的會員不能轉讓點數',
  },
  SAME_ACCOUNT: {
    status: 422,
    title: 'Sender and recipient share one account',
    zhHant: '轉出與轉入的會員同屬一個帳戶',
  },
  TRANSFER_TOO_SMALL: {
    status: 422,
    title: 'Fewer points than a transfer may send',
    zhHant: '少於一次可轉讓的點數',
  },
  TRANSFER_TOO_LARGE: {
    status: 422,
    title: 'More points than a transfer may send',
    zhHant: '超過一次可轉讓的點數',
  },
  TRANSFER_CONFLICT: {
    status: 422,
    title: 'The externalId was used with another body',
    zhHant: '外部編號已用於其他內容',
  },
  TRANSFER_NOT_FOUND: { status: 404, title: 'No such transfer', zhHant: '沒有這筆轉讓' },
});

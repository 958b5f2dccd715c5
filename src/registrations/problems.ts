import { defineProblems } from '../kernel/problem.js';

export const registrationProblems = defineProblems({
  REGISTRATION_NOT_ALLOWED: {
    status: 403,
    title: 'The key may not register members for this campaign',
    zhHant: '這把金鑰不能為會員登錄這個行銷活動',
  },
  REGISTRATION_NOT_OPEN: {
    status: 422,
    title: 'Registration is not open yet',
    zhHant: '活動登錄尚未開始',
  },
  REGISTRATION_CLOSED: { status: 422, title: 'Registration is closed', zhHant: '活動登錄已截止' },
  REGISTRATION_CONFLICT: {
    status: 422,
    title: 'The request was sent before with another body',
    zhHant: '相同請求先前以不同內容送出',
  },
  REGISTRATION_NOT_FOUND: { status: 404, title: 'No such registration', zhHant: '沒有這筆登錄' },
  REGISTRATION_CANCELLED: {
    status: 409,
    title: 'The registration was cancelled before',
    zhHant: '這筆登錄先前已取消',
  },
});

import { defineProblems } from '../kernel/problem.js';

export const activityProblems = defineProblems({
  ACTIVITY_TYPE_UNKNOWN: {
    status: 422,
    title: 'No such activity type was in force then',
    zhHant: '當時沒有這個活動類型',
  },
  ACTIVITY_TYPE_RETIRED: { status: 422, title: 'The activity type is retired', zhHant: '活動類型已停用' },
  ACTIVITY_NOT_REPORTABLE: {
    status: 403,
    title: 'The key may not report activities of this type',
    zhHant: '這把金鑰不能回報這類活動',
  },
  ACTIVITY_ATTRIBUTES_INVALID: {
    status: 422,
    title: 'The attributes do not fit the activity type',
    zhHant: '屬性不符合活動類型',
  },
  ACTIVITY_IN_FUTURE: { status: 422, title: 'The activity is in the future', zhHant: '活動時間在未來' },
  ACTIVITY_TOO_OLD: {
    status: 422,
    title: 'The activity is too far in the past',
    zhHant: '活動日期太早',
  },
  ACTIVITY_CONFLICT: {
    status: 422,
    title: 'The externalId was used with another activity',
    zhHant: '外部編號已用於其他活動',
  },
  ACTIVITY_NOT_FOUND: { status: 404, title: 'No such activity', zhHant: '沒有這筆活動' },
  ACTIVITY_CANCELLED: {
    status: 409,
    title: 'The activity was cancelled before',
    zhHant: '這筆活動先前已取消',
  },
});

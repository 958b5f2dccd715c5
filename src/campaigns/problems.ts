import { defineProblems } from '../kernel/problem.js';

export const campaignProblems = defineProblems({
  CAMPAIGN_NOT_FOUND: { status: 404, title: 'No such campaign', zhHant: '沒有這個行銷活動' },
  CAMPAIGN_UNKNOWN: { status: 422, title: 'The campaign is not published', zhHant: '這個行銷活動尚未發布' },
  CAMPAIGN_CHANGES_AT_ONCE: {
    status: 422,
    title: 'A campaign changes when it is published',
    zhHant: '行銷活動的變更在發布時立即生效',
  },
  PLACES_BELOW_TAKEN: {
    status: 422,
    title: 'More members are registered already',
    zhHant: '已登錄的會員數超過新名額',
  },
  CAMPAIGN_FULL: { status: 409, title: 'The campaign has no place left', zhHant: '行銷活動名額已滿' },
});

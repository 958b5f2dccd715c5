import { defineProblems } from '../kernel/problem.js';

export const transferProblems = defineProblems({
  TRANSFERS_DISABLED: { status: 409, title: 'Members of this programme cannot send points' },
  SAME_ACCOUNT: { status: 422, title: 'Giver and receiver have one account' },
  TRANSFER_TOO_SMALL: { status: 422, title: 'Fewer points than may be sent at once' },
  TRANSFER_TOO_LARGE: { status: 422, title: 'More points than may be sent at once' },
  TRANSFER_CONFLICT: { status: 422, title: 'External id used with another body' },
  TRANSFER_NOT_FOUND: { status: 404, title: 'No such transfer' },
});

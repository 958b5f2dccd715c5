import { defineProblems } from '../kernel/problem.js';

export const purchaseProblems = defineProblems({
  RECEIPT_CONFLICT: { status: 422, title: 'Receipt number used with another body' },
  CURRENCY_MISMATCH: { status: 422, title: "Not the programme's currency" },
  OCCURRED_IN_FUTURE: { status: 422, title: 'The receipt lies in the future' },
  PURCHASE_NOT_FOUND: { status: 404, title: 'No such purchase' },
});

import { defineProblems } from '../kernel/problem.js';

export const undoProblems = defineProblems({
  UNDO_NOT_FOUND: { status: 404, title: 'No such undo', zhHant: '沒有這筆撤銷' },
  RULE_VERSION_NOT_FOUND: {
    status: 404,
    title: 'The rule has no such published version',
    zhHant: '規則沒有這個已發布的版本',
  },
  UNDO_NOT_FOR_TRIGGER: {
    status: 422,
    title: 'Only what was given for receipts can be undone',
    zhHant: '只能撤銷因消費而給的點數',
  },
  NOTHING_TO_UNDO: { status: 409, title: 'There is nothing to undo', zhHant: '沒有可以撤銷的點數' },
  UNDO_TOO_LARGE: {
    status: 422,
    title: 'The undo concerns too many receipts',
    zhHant: '撤銷涉及的收據太多',
  },
  UNDO_ENDED: { status: 409, title: 'The undo has ended', zhHant: '撤銷已經結束' },
});

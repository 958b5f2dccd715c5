import { defineProblems } from '../../kernel/problem.js';

/** Refusals about versions of configuration. */
export const configProblems = defineProblems({
  CONFIG_NOT_FOUND: { status: 404, title: 'No such configuration', zhHant: '沒有這項設定' },
  NO_DRAFT: { status: 409, title: 'There is no draft', zhHant: '沒有草稿' },
  DRAFT_CHANGED: { status: 412, title: 'The draft is another one by now', zhHant: '草稿已經改變' },
  EFFECTIVE_IN_PAST: { status: 422, title: 'The effective time is in the past', zhHant: '生效時間在過去' },
  VERSION_IN_FORCE: { status: 409, title: 'The version is in force already', zhHant: '版本已經生效' },
  VERSION_WITHDRAWN: { status: 409, title: 'The version was withdrawn before', zhHant: '版本先前已經撤回' },
  ALREADY_PAUSED: { status: 409, title: 'It is paused already', zhHant: '已經暫停' },
  NOT_PAUSED: { status: 409, title: 'It is not paused', zhHant: '並未暫停' },
});

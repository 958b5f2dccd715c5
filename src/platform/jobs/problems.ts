import { defineProblems } from '../../kernel/problem.js';

export const jobProblems = defineProblems({
  JOB_NOT_FOUND: { status: 404, title: 'No such job', zhHant: '沒有這項工作' },
  JOB_RUNNING: { status: 409, title: 'The job is running', zhHant: '工作執行中' },
  BACKGROUND_OFF: { status: 409, title: 'This process runs no jobs', zhHant: '這個程序不執行背景工作' },
});

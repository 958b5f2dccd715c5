import { defineProblems } from '../../kernel/problem.js';

export const jobProblems = defineProblems({
  JOB_NOT_FOUND: { status: 404, title: 'No such job' },
  JOB_RUNNING: { status: 409, title: 'The job is running' },
  BACKGROUND_OFF: { status: 409, title: 'This process runs no jobs' },
});

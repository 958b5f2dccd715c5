import { defineProblems } from '../kernel/problem.js';

export const integrityProblems = defineProblems({
  VERIFY_RUN_NOT_FOUND: { status: 404, title: 'No such run' },
  VERIFY_RUNNING: { status: 409, title: 'A run is under way' },
  VERIFY_FINISHED: { status: 409, title: 'The run is finished' },
});

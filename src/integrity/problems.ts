import { defineProblems } from '../kernel/problem.js';

export const integrityProblems = defineProblems({
  VERIFY_RUN_NOT_FOUND: { status: 404, title: 'No such run', zhHant: '沒有這次檢查' },
  VERIFY_RUNNING: { status: 409, title: 'A run is in progress', zhHant: '檢查進行中' },
  VERIFY_FINISHED: { status: 409, title: 'The run is finished', zhHant: '檢查已完成' },
});

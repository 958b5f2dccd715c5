import { defineProblems } from '../kernel/problem.js';

export const simulationProblems = defineProblems({
  SIMULATION_NOT_FOUND: { status: 404, title: 'No such simulation', zhHant: '沒有這次模擬' },
  SIMULATION_RUNNING: { status: 409, title: 'A simulation is in progress', zhHant: '模擬進行中' },
  SIMULATION_OVER: { status: 409, title: 'The simulation is over', zhHant: '模擬已結束' },
  SIMULATION_EMPTY: {
    status: 422,
    title: 'No receipts in the window',
    zhHant: '這段期間沒有收據',
  },
  SIMULATION_TOO_LARGE: {
    status: 422,
    title: 'Too many receipts in the window',
    zhHant: '這段期間的收據太多',
  },
});

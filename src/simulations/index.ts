export { SimulationsModule } from './simulations.module.js';
export { SIMULATOR } from './simulation-runs.js';
export {
  SimulatorHere,
  type Simulated,
  type SimulationProgress,
  type SimulationTask,
  type Simulator,
} from './simulate.js';
export { simulationSchemas } from './simulations.schemas.js';
export { simulationsJob } from './simulations.job.js';

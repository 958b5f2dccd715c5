import { Module } from '@nestjs/common';
import { CheckedDrafts } from './checked-drafts.js';
import { SimulationRuns } from './simulation-runs.js';
import { SimulationsController } from './simulations.controller.js';
import { Simulations } from './simulations.service.js';

/** What drafts would have given: the programme's own receipts, carried out again in memory. */
@Module({
  controllers: [SimulationsController],
  providers: [Simulations, SimulationRuns, CheckedDrafts],
})
export class SimulationsModule {}

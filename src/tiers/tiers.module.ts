import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { StandingQuery } from './standing.query.js';
import { TierSetsController } from './tier-sets.controller.js';
import { TierTransitionController } from './tier-transition.controller.js';
import { TierTransitions } from './tier-transitions.service.js';
import { TierTransitionStore } from './tier-transitions.store.js';

@Module({
  imports: [LedgerModule],
  controllers: [TierSetsController, TierTransitionController],
  providers: [StandingQuery, TierTransitions, TierTransitionStore],
  exports: [StandingQuery],
})
export class TiersModule {}

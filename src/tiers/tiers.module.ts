import { Module } from '@nestjs/common';
import { StandingQuery } from './standing.query.js';
import { TierSetsController } from './tier-sets.controller.js';

@Module({
  controllers: [TierSetsController],
  providers: [StandingQuery],
  exports: [StandingQuery],
})
export class TiersModule {}

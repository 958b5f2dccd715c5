import { Module } from '@nestjs/common';
import { MembersOnTiersQuery } from './members-on-tiers.query.js';
import { StandingQuery } from './standing.query.js';
import { TierSetsController } from './tier-sets.controller.js';

@Module({
  controllers: [TierSetsController],
  providers: [StandingQuery, MembersOnTiersQuery],
  exports: [StandingQuery],
})
export class TiersModule {}

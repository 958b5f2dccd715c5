import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { TiersModule } from '../tiers/index.js';
import { MemberSearchQuery } from './member-search.query.js';
import { MemberStore } from './member.store.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { MergesController } from './merges.controller.js';

@Module({
  imports: [LedgerModule, TiersModule],
  controllers: [MembersController, MergesController],
  providers: [MemberSearchQuery, MemberStore, MembersService],
  exports: [MemberStore],
})
export class MembersModule {}

import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { HouseholdQuery } from './household.query.js';
import { HouseholdsController } from './households.controller.js';
import { HouseholdsService } from './households.service.js';

@Module({
  imports: [LedgerModule],
  controllers: [HouseholdsController],
  providers: [HouseholdQuery, HouseholdsService],
})
export class HouseholdsModule {}

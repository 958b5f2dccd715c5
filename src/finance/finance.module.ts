import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { AccountingPoliciesController } from './accounting-policies.controller.js';
import { FinanceReports } from './finance-reports.service.js';
import { FinanceController } from './finance.controller.js';
import { JournalQuery } from './journal.query.js';
import { LiabilityQuery } from './liability.query.js';
import { LotListingQuery } from './lot-listing.query.js';
import { RollForwardQuery } from './roll-forward.query.js';
import { TieOutQuery } from './tie-out.query.js';

@Module({
  imports: [LedgerModule],
  controllers: [FinanceController, AccountingPoliciesController],
  providers: [FinanceReports, LiabilityQuery, TieOutQuery, RollForwardQuery, JournalQuery, LotListingQuery],
  exports: [FinanceReports, LotListingQuery],
})
export class FinanceModule {}

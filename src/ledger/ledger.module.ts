import { Module } from '@nestjs/common';
import { AccountLedgerQuery } from './account-ledger.query.js';
import { AnchorJob } from './anchors/anchor.job.js';
import { AnchorsController } from './anchors/anchors.controller.js';
import { BalanceQuery } from './balance.query.js';
import { VerifyController } from './verify/verify.controller.js';
import { VerifyRuns } from './verify/verify-runs.js';
import { VerifyService } from './verify/verify.service.js';

@Module({
  controllers: [VerifyController, AnchorsController],
  providers: [AccountLedgerQuery, BalanceQuery, VerifyService, VerifyRuns, AnchorJob],
  exports: [AccountLedgerQuery, BalanceQuery],
})
export class LedgerModule {}

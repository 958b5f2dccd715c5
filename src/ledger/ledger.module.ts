import { Module } from '@nestjs/common';
import { AccountLedgerQuery } from './account-ledger.query.js';
import { AnchorRounds } from './anchors/anchor-rounds.js';
import { AnchorsController } from './anchors/anchors.controller.js';
import { BalanceQuery } from './balance.query.js';
import { SettleDue } from './due/settle-due.js';
import { VerifyController } from './verify/verify.controller.js';
import { VerifyRuns } from './verify/verify-runs.js';
import { VerifyService } from './verify/verify.service.js';

@Module({
  controllers: [VerifyController, AnchorsController],
  providers: [AccountLedgerQuery, BalanceQuery, VerifyService, VerifyRuns, AnchorRounds, SettleDue],
  exports: [AccountLedgerQuery, BalanceQuery, SettleDue],
})
export class LedgerModule {}

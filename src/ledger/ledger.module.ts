import { Module } from '@nestjs/common';
import { AccountLedgerQuery } from './account-ledger.query.js';
import { BalanceQuery } from './balance.query.js';
import { VerifyController } from './verify/verify.controller.js';
import { VerifyService } from './verify/verify.service.js';

@Module({
  controllers: [VerifyController],
  providers: [AccountLedgerQuery, BalanceQuery, VerifyService],
  exports: [AccountLedgerQuery, BalanceQuery],
})
export class LedgerModule {}

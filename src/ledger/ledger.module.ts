import { Module } from '@nestjs/common';
import { AccountLedgerQuery } from './account-ledger.query.js';
import { BalanceQuery } from './balance.query.js';
import { ApplyDue } from './due/apply-due.js';
import { ExpiryAnnouncer } from './expiry-notices/expiry-announcer.js';

@Module({
  providers: [AccountLedgerQuery, BalanceQuery, ExpiryAnnouncer, ApplyDue],
  exports: [AccountLedgerQuery, BalanceQuery, ApplyDue],
})
export class LedgerModule {}

import { Module } from '@nestjs/common';
import { AccountLedgerQuery } from './account-ledger.query.js';
import { BalanceQuery } from './balance.query.js';
import { SettleDue } from './due/settle-due.js';
import { ExpiryAnnouncer } from './expiry-notices/expiry-announcer.js';

@Module({
  providers: [AccountLedgerQuery, BalanceQuery, ExpiryAnnouncer, SettleDue],
  exports: [AccountLedgerQuery, BalanceQuery, SettleDue],
})
export class LedgerModule {}

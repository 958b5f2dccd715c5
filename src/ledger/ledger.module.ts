import { Module } from '@nestjs/common';
import { AccountLedgerQuery } from './account-ledger.query.js';
import { BalanceQuery } from './balance.query.js';

@Module({ providers: [AccountLedgerQuery, BalanceQuery], exports: [AccountLedgerQuery, BalanceQuery] })
export class LedgerModule {}

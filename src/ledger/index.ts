export { balanceView, type BalanceView } from './balance-view.js';
export { ledgerSlice } from './ledger.slice.js';
export { expireReleased, openLots } from './ledger.reactors.js';
export { planSpend, takeInOrder } from './domain/spend.js';
export { AccountLedgerQuery } from './account-ledger.query.js';
export { BalanceQuery } from './balance.query.js';
export { ledgerProblems, settleAccount } from './settle-account.handler.js';
export { LedgerModule } from './ledger.module.js';
export { ledgerEvents } from './ledger.events.js';

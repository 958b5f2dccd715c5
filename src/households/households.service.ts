import { Injectable } from '@nestjs/common';
import type { ProgrammeId } from '../kernel/ids.js';
import { formatInstant } from '../kernel/time.js';
import { BalanceQuery, balanceView } from '../ledger/index.js';
import type { Household } from './household.query.js';

/** Households with what the ledger knows of them. */
@Injectable()
export class HouseholdsService {
  constructor(private readonly balances: BalanceQuery) {}

  async view(programmeId: ProgrammeId, household: Household) {
    return {
      id: household.householdId,
      accountId: household.accountId,
      name: household.name,
      createdAt: formatInstant(household.createdAt),
      closedAt: household.closedAt === null ? null : formatInstant(household.closedAt),
      members: household.members,
      balance: balanceView(await this.balances.current(programmeId, household.accountId)),
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { isId, type ProgrammeId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { refuse, ok, type Result } from '../kernel/result.js';
import { formatInstant, type Clock, type Instant } from '../kernel/time.js';
import { balanceView, BalanceQuery, type BalanceView } from '../ledger/index.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { CLOCK } from '../platform/tokens.js';
import { StandingQuery, type StandingView } from '../tiers/index.js';
import { MemberStore, type Member } from './member.store.js';
import { memberProblems } from './problems.js';

/** Members with what the other modules know of them. */
@Injectable()
export class MembersService {
  constructor(
    private readonly store: MemberStore,
    private readonly balances: BalanceQuery,
    private readonly standings: StandingQuery,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The member with this id, or the refusal that there is none. */
  async byId(programmeId: ProgrammeId, id: string): Promise<Result<Member, Problem>> {
    const member = isId('mbr', id) ? await this.store.find(programmeId, { kind: 'member', id }) : null;
    return member
      ? ok(member)
      : refuse(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
  }

  async balance(
    programmeId: ProgrammeId,
    member: Member,
    at: { asOf: Instant | null; knownAt: Instant | null },
  ): Promise<BalanceView> {
    if (at.asOf === null && at.knownAt === null)
      return balanceView(await this.balances.current(programmeId, member.accountId));
    const now = this.clock.now();
    return balanceView(await this.balances.asOf(member.accountId, at.asOf ?? now, at.knownAt ?? now));
  }

  async standing(programmeId: ProgrammeId, member: Member, asOf: Instant | null): Promise<StandingView> {
    const config = await this.configs.current(programmeId);
    return this.standings.at(member.memberId, config, asOf ?? this.clock.now());
  }

  async view(programmeId: ProgrammeId, member: Member, asOf: Instant | null = null) {
    return {
      id: member.memberId,
      accountId: member.accountId,
      externalId: member.externalId,
      identities: member.identities,
      status: member.status,
      enrolledAt: formatInstant(member.enrolledAt),
      birthDate: member.birthDate,
      attributes: member.attributes,
      standing: await this.standing(programmeId, member, asOf),
      balance: await this.balance(programmeId, member, { asOf, knownAt: null }),
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { idToUuid, isId, uuidToId, type AccountId, type ProgrammeId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { refuse, ok, type Result } from '../kernel/result.js';
import { formatInstant, type Clock, type Instant } from '../kernel/time.js';
import { balanceView, BalanceQuery, type BalanceView } from '../ledger/index.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { CLOCK } from '../platform/tokens.js';
import { StandingQuery, tierSetInForce, type StandingView } from '../tiers/index.js';
import { MemberSearchQuery, type MemberSearch } from './member-search.query.js';
import { MemberStore, type Member } from './member.store.js';
import { memberProblems } from './problems.js';

/** What had happened by `asOf`, as far as it was known by `knownAt`; null: now. */
export interface PastMoment {
  readonly asOf: Instant | null;
  readonly knownAt: Instant | null;
}

const NOW: PastMoment = { asOf: null, knownAt: null };

/** Members with what the other modules know of them. */
@Injectable()
export class MembersService {
  constructor(
    private readonly store: MemberStore,
    private readonly searches: MemberSearchQuery,
    private readonly balances: BalanceQuery,
    private readonly standings: StandingQuery,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The member with this id, or the refusal that there is none. */
  async byId(programmeId: ProgrammeId, id: string): Promise<Result<Member, Problem>> {
    const member = isId('mbr', id) ? await this.store.find(programmeId, { kind: 'member', id }) : null;
    return member ? ok(member) : notFound(id);
  }

  /** Members in the order of their ids. */
  async search(programmeId: ProgrammeId, search: Omit<MemberSearch, 'ladder'>): Promise<readonly Member[]> {
    const set = tierSetInForce(await this.configs.current(programmeId), this.clock.now());
    const ladder = set?.body.tiers.map(({ key }) => key) ?? [];
    const ids = await this.searches.ids(programmeId, { ...search, ladder });
    const found = await Promise.all(ids.map((id) => this.store.find(programmeId, { kind: 'member', id })));
    return found.filter((member) => member !== null);
  }

  /** The account of the member with this id, or the refusal that there is none. */
  async accountOf(programmeId: ProgrammeId, id: string): Promise<Result<AccountId, Problem>> {
    const accountId = isId('mbr', id) ? await this.store.accountOf(programmeId, id) : null;
    return accountId ? ok(accountId) : notFound(id);
  }

  async balance(programmeId: ProgrammeId, accountId: AccountId, at: PastMoment): Promise<BalanceView> {
    if (at.asOf === null && at.knownAt === null)
      return balanceView(await this.balances.current(programmeId, accountId));
    const now = this.clock.now();
    return balanceView(await this.balances.asOf(accountId, at.asOf ?? now, at.knownAt ?? now));
  }

  async standing(programmeId: ProgrammeId, member: Member, at: PastMoment): Promise<StandingView> {
    const config = await this.configs.current(programmeId);
    const now = this.clock.now();
    // A merged member has no standing of their own any more, as they have no account: both are the survivor's.
    const memberId = member.mergedInto ?? member.memberId;
    if (at.asOf === null && at.knownAt === null) return this.standings.current(memberId, config, now);
    return this.standings.asOf(memberId, config, at.asOf ?? now, at.knownAt ?? now);
  }

  async view(programmeId: ProgrammeId, member: Member, at: PastMoment = NOW) {
    return {
      id: member.memberId,
      accountId: member.accountId,
      externalId: member.externalId,
      identities: member.identities,
      status: member.status,
      mergedInto: member.mergedInto,
      household: householdOf(member),
      enrolledAt: formatInstant(member.enrolledAt),
      birthDate: member.birthDate,
      attributes: member.attributes,
      standing: await this.standing(programmeId, member, at),
      balance: await this.balance(programmeId, member.accountId, at),
    };
  }
}

function notFound(id: string): Result<never, Problem> {
  return refuse(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
}

/** A household's id is its account's, written as a household's. */
function householdOf({ householdRole: role, accountId }: Member) {
  return role === null ? null : { id: uuidToId('hsh', idToUuid(accountId)), role };
}

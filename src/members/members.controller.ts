import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId, type AccountId, type ProgrammeId } from '../kernel/ids.js';
import { AccountLedgerQuery } from '../ledger/index.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, requireScope, Scopes, type Caller } from '../platform/http/caller.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CommandRoute } from '../platform/http/command-route.js';
import { commandOf } from '../platform/http/command-request.js';
import { EXTERNAL_ID_TYPE, type Identity } from '../platform/http/identity.js';
import { identityOf } from '../platform/http/member-ref.dto.js';
import { AsOfPageQueryDto, AsOfQueryDto, DEFAULT_PAGE_SIZE, instantOf } from '../platform/http/pagination.js';
import { ProblemException, unwrap } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import type { Target } from '../platform/pipeline/index.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { CLOCK } from '../platform/tokens.js';
import { localDate, type Clock } from '../kernel/time.js';
import type { CloseMemberBody } from './close-member.handler.js';
import { ChangeMemberDto, EnrolMemberDto, FindMembersQueryDto, HistoryQueryDto } from './member.dto.js';
import { memberProblems } from './problems.js';
import { MemberStore, type Member, type MemberChanges, type OwnStatus } from './member.store.js';
import { MembersService, type PastMoment } from './members.service.js';

/** A till finds one member by what it was shown; these see the others. */
/** What names one member beside an external id, and what asks for a page. */
const IDENTITY_FIELDS = ['identityType', 'identityValue'] as const;
const PAGE_FIELDS = ['q', 'tier', 'cursor'] as const;

const LISTERS = ['members', 'admin', 'analyst', 'auditor'] as const;

@ApiTags('members')
@Controller('v1/members')
@Scopes('members', 'admin')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly store: MemberStore,
    private readonly ledger: AccountLedgerQuery,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Scopes('pos', 'members', 'admin', 'import')
  @Answers(201, 'Member')
  @ApiOperation({ summary: 'Enrol a member' })
  async enrol(@CurrentCaller() caller: Caller, @Body() body: EnrolMemberDto) {
    const { programmeId } = caller;
    const now = this.clock.now();
    const identities = uniqueIdentities(body.identities ?? [], caller);
    await this.requireBorn(programmeId, body.birthDate);
    const enrolled = await this.store.enrol(
      programmeId,
      {
        externalId: body.externalId ?? null,
        identities,
        enrolledAt: instantOf(body.enrolledAt) ?? now,
        birthDate: body.birthDate ?? null,
        attributes: body.attributes ?? {},
      },
      { now, actor: caller.keyId },
    );
    return this.members.view(programmeId, unwrap(enrolled));
  }

  @Get()
  @Answers(200, 'Members')
  @Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({
    summary: 'Find a member by external id or identity; with other scopes than pos, page through all or some',
  })
  async find(@CurrentCaller() caller: Caller, @Query() query: FindMembersQueryDto) {
    const { programmeId } = caller;
    const named = namedBy(query, caller);
    if (named) {
      const member = await this.store.find(programmeId, named);
      return { data: member ? [await this.members.view(programmeId, member)] : [], nextCursor: null };
    }
    requireScope(caller, LISTERS);
    if (query.cursor !== undefined && !isId('mbr', query.cursor)) {
      throw badCursor();
    }
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    const { q: text = null, tier = null, cursor: after = null } = query;
    const found = await this.members.search(programmeId, { text, tier, after, limit: limit + 1 });
    const data = await Promise.all(
      found.slice(0, limit).map((member) => this.members.view(programmeId, member)),
    );
    return { data, nextCursor: found.length > limit ? (data.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @Answers(200, 'Member')
  @Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'A member with balance and standing' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string, @Query() query: AsOfQueryDto) {
    return this.members.view(programmeId, unwrap(await this.members.byId(programmeId, id)), momentOf(query));
  }

  @Patch(':id')
  @Answers(200, 'Member')
  @ApiOperation({ summary: 'Change a member; absent fields stay as they are' })
  async change(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: ChangeMemberDto) {
    const { identities, ...rest } = body;
    const { programmeId } = caller;
    await this.requireBorn(programmeId, body.birthDate);
    const changes = identities ? { ...rest, identities: uniqueIdentities(identities, caller) } : rest;
    return this.members.view(programmeId, await this.apply(caller, id, changes));
  }

  @Post(':id/suspend')
  @Answers(200, 'Member')
  @HttpCode(200)
  @Scopes('admin')
  @ApiOperation({ summary: 'Suspend: receipts are recorded and earn nothing, points cannot be used' })
  async suspend(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.members.view(caller.programmeId, await this.changeStatus(caller, id, 'suspended'));
  }

  @Post(':id/reactivate')
  @Answers(200, 'Member')
  @HttpCode(200)
  @Scopes('admin')
  @ApiOperation({ summary: 'End a suspension' })
  async reactivate(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.members.view(caller.programmeId, await this.changeStatus(caller, id, 'active'));
  }

  @Post(':id/close')
  @CommandRoute({ 200: 'MemberClosed' })
  @Scopes('admin')
  @ApiOperation({ summary: 'Close the membership for good; its points are forfeited' })
  async close(@Param('id') id: string, context: CommandContext): Promise<Submission> {
    const { programmeId } = context.caller;
    const { memberId } = await this.unmerged(programmeId, id);
    const target = { kind: 'member', id: memberId } as const;
    const body: CloseMemberBody = { memberId, measuresAt: 0 };
    const command = commandOf({ type: 'member.close', target, body }, context);
    return async (submit) => {
      const outcome = await submit(command);
      if (outcome.kind === 'refused') return outcome;
      const { pointsForfeited, forfeitsAt } = JSON.parse(outcome.body) as {
        readonly pointsForfeited: number;
        readonly forfeitsAt: string | null;
      };
      // A dry run leaves the member as it is, and is answered so.
      const member = unwrap(await this.members.byId(programmeId, memberId));
      const view = await this.members.view(programmeId, member);
      return { ...outcome, body: JSON.stringify({ ...view, pointsForfeited, forfeitsAt }) };
    };
  }

  @Get(':id/balance')
  @Answers(200, 'Balance')
  @Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Balance, now or as of an instant' })
  async balance(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') id: string,
    @Query() query: AsOfQueryDto,
  ) {
    const accountId = unwrap(await this.members.accountOf(programmeId, id));
    return this.members.balance(programmeId, accountId, momentOf(query));
  }

  @Get(':id/standing')
  @Answers(200, 'Standing')
  @Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Tier and progress, now or as of an instant' })
  async standing(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') id: string,
    @Query() query: AsOfQueryDto,
  ) {
    const member = unwrap(await this.members.byId(programmeId, id));
    return this.members.standing(programmeId, member, momentOf(query));
  }

  @Get(':id/lots')
  @Answers(200, 'Lots')
  @Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Lots of points in the order in which they were earned' })
  async lots(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') id: string,
    @Query() query: HistoryQueryDto,
  ) {
    if (query.cursor !== undefined && !isId('lot', query.cursor)) throw badCursor();
    const accountId = accountOf(unwrap(await this.members.byId(programmeId, id)), query);
    return this.ledger.lots(accountId, await this.page(programmeId, query));
  }

  @Get(':id/movements')
  @Answers(200, 'Movements')
  @Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Movements of points and money, newest first' })
  async movements(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') id: string,
    @Query() query: HistoryQueryDto,
  ) {
    if (query.cursor !== undefined && !/^\d{1,18}$/.test(query.cursor)) throw badCursor();
    const accountId = accountOf(unwrap(await this.members.byId(programmeId, id)), query);
    return this.ledger.movements(accountId, await this.page(programmeId, query));
  }

  /** Refuses a birth date after today in the programme's time zone. */
  private async requireBorn(programmeId: ProgrammeId, birthDate: string | null | undefined): Promise<void> {
    if (birthDate === undefined || birthDate === null) return;
    const { timeZone } = this.configs.known(programmeId) ?? (await this.configs.current(programmeId));
    if (birthDate <= localDate(this.clock.now(), timeZone)) return;
    const detail = `${birthDate} is in the future.`;
    throw invalid([{ pointer: '/birthDate', code: 'BIRTH_DATE_IN_FUTURE', detail }]);
  }

  private async page(programmeId: ProgrammeId, query: AsOfPageQueryDto) {
    const { currency, timeZone } = await this.configs.atLeast(programmeId, 0);
    const { limit = DEFAULT_PAGE_SIZE, cursor = null } = query;
    return { limit, cursor, ...momentOf(query), currency, timeZone };
  }

  /** @throws ProblemException for a merged member. */
  private async unmerged(programmeId: ProgrammeId, id: string): Promise<Member> {
    const member = unwrap(await this.members.byId(programmeId, id));
    if (member.mergedInto === null) return member;
    const detail = `${id} was merged into ${member.mergedInto}.`;
    const meta = { mergedInto: member.mergedInto };
    throw new ProblemException(memberProblems.problem('MEMBER_MERGED', detail, { meta }));
  }

  private async apply({ programmeId, keyId }: Caller, id: string, changes: MemberChanges): Promise<Member> {
    const act = { now: this.clock.now(), actor: keyId };
    const member = await this.unmerged(programmeId, id);
    return unwrap(await this.store.change(programmeId, member.memberId, changes, act));
  }

  private async changeStatus(caller: Caller, id: string, status: OwnStatus): Promise<Member> {
    const member = unwrap(await this.members.byId(caller.programmeId, id));
    if (member.status === status) return member;
    if (member.status === 'closed') {
      throw new ProblemException(
        memberProblems.problem('MEMBER_CLOSED', 'A closed membership stays closed.'),
      );
    }
    return this.apply(caller, id, { status });
  }
}

function momentOf({ asOf, knownAt }: AsOfQueryDto): PastMoment {
  return { asOf: instantOf(asOf), knownAt: instantOf(knownAt) };
}

/**
 * The identity a query asks for; null when it asks for a page.
 * @throws ProblemException VALIDATION_FAILED for an identity beside other conditions: they would be dropped.
 */
function namedBy(query: FindMembersQueryDto, caller: Caller): Target | null {
  const { externalId, identityType, identityValue } = query;
  const others = externalId === undefined ? PAGE_FIELDS : [...IDENTITY_FIELDS, ...PAGE_FIELDS];
  const isNamed = externalId !== undefined || identityType !== undefined || identityValue !== undefined;
  const beside = isNamed ? others.filter((field) => query[field] !== undefined) : [];
  if (beside.length > 0) {
    const name = externalId === undefined ? 'An identity' : 'externalId';
    const detail = `${name} names one member by itself. Omit the other conditions.`;
    throw invalid(beside.map((field) => ({ pointer: `/${field}`, code: 'NAMED_ALONE', detail })));
  }
  if (externalId !== undefined) return { kind: 'identity', type: EXTERNAL_ID_TYPE, value: externalId };
  if (identityType === undefined && identityValue === undefined) return null;
  if (identityType === undefined || identityValue === undefined) {
    const detail = 'identityType and identityValue go together.';
    throw invalid([{ pointer: '/identityType', code: 'TOGETHER', detail }]);
  }
  const identity = { type: identityType, value: identityValue };
  const places = { type: '/identityType', value: '/identityValue' };
  return { kind: 'identity', ...identityOf(identity, caller, places) };
}

function accountOf({ accountId, homeAccountId }: Member, { account }: HistoryQueryDto): AccountId {
  return account === 'home' ? homeAccountId : accountId;
}

function badCursor(): ProblemException {
  return invalid([
    {
      pointer: '/cursor',
      code: 'NOT_A_CURSOR',
      detail: 'The cursor must be the nextCursor of an earlier page.',
    },
  ]);
}

/** The same identity twice in one list, however it was written, is once. */
function uniqueIdentities(identities: readonly Identity[], caller: Caller): readonly Identity[] {
  const formed = identities.map((identity, index) => identityOf(identity, caller, `/identities/${index}`));
  return [...new Map(formed.map((identity) => [`${identity.type} ${identity.value}`, identity])).values()];
}

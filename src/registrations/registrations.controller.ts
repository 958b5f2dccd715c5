import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { idToUuid, isId, type RegistrationId } from '../kernel/ids.js';
import { localDate, type Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { commandOf } from '../platform/http/command-request.js';
import { CommandRoute } from '../platform/http/command-route.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { askedPage, shownPage, TimeListQueryDto } from '../platform/http/time-list.dto.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { cancelRegistration, registrationNotFound } from './cancel-registration.handler.js';
import type { CancelRegistrationBody, RegisterBody } from './domain/registration-body.js';
import { register } from './register.handler.js';
import { CancelRegistrationDto, RegisterDto, RegistrationQueryDto } from './registration.dto.js';
import { RegistrationQuery } from './registration.query.js';

@ApiTags('campaigns')
@Controller('v1/campaigns/:id/registrations')
@Scopes('pos', 'activities', 'admin')
export class RegistrationsController {
  constructor(
    private readonly query: RegistrationQuery,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @CommandRoute({ 201: 'Registration' }, RegistrationQueryDto)
  @ApiOperation({ summary: 'Register a member for a campaign, once; a repeat is answered as the first' })
  async register(
    @Param('id') campaignId: string,
    @Body() dto: RegisterDto,
    context: CommandContext,
  ): Promise<Submission> {
    const { programmeId, scopes } = context.caller;
    const { timeZone } = await this.configs.atLeast(programmeId, 0);
    const target = targetOf(dto.member, context.caller);
    const made = commandOf({ type: register.type, target, body: { campaignId } }, context);
    // A repeat is the same on another day and with another key.
    const body: RegisterBody = { campaignId, registrars: scopes, day: localDate(this.clock.now(), timeZone) };
    const command = { ...made, body };
    if (!context.explain) return command;
    return async (submit) => this.query.explained(programmeId, await submit(command));
  }

  @Get()
  @Answers(200, 'Registrations')
  @Scopes('pos', 'activities', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Registrations for a campaign by member and day, newest first' })
  async list(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') campaignId: string,
    @Query() query: TimeListQueryDto,
  ) {
    const { timeZone } = await this.configs.atLeast(programmeId, 0);
    const page = askedPage(query, 'reg', timeZone);
    return shownPage(await this.query.page(programmeId, campaignId, page), page);
  }

  @Get(':registrationId')
  @Answers(200, 'RecordedRegistration')
  @Scopes('pos', 'activities', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({
    summary: 'A registration, with its cancellation; `?explain=true` for the trace of its rules',
  })
  async get(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') campaignId: string,
    @Param('registrationId') id: string,
    @Query() { explain }: RegistrationQueryDto,
  ) {
    const found = await this.query.find(programmeId, campaignId, requireId(id));
    if (!found) throw new ProblemException(registrationNotFound(id));
    return { ...found.recorded, explanation: explain ? found.explanation : null };
  }

  @Post(':registrationId/cancel')
  @CommandRoute({ 200: 'RegistrationCancellation' })
  @ApiOperation({
    summary: 'Take a registration back, with its place, its points and what it used of limits; once',
  })
  async cancel(
    @Param('id') campaignId: string,
    @Param('registrationId') id: string,
    @Body() { reason = undefined }: CancelRegistrationDto,
    context: CommandContext,
  ): Promise<Submission> {
    const registrationId = requireId(id);
    const measuresAt = await this.query.registeredAt(context.caller.programmeId, registrationId);
    if (measuresAt === null) throw new ProblemException(registrationNotFound(id));
    const natural = { scope: 'registrationCancellation', key: idToUuid(registrationId) } as const;
    const target = { kind: 'registration', id: registrationId } as const;
    const said = { campaignId, registrationId };
    // A repeat is the same whatever it says why.
    const asked = commandOf({ type: cancelRegistration.type, target, body: said, natural }, context);
    const body: CancelRegistrationBody = { ...said, reason: reason ?? null, measuresAt };
    return { ...asked, body };
  }
}

function requireId(id: string): RegistrationId {
  if (isId('reg', id)) return id;
  throw new ProblemException(registrationNotFound(id));
}

import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId, type MemberId } from '../kernel/ids.js';
import { memberProblems } from '../members/index.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { Scopes, type Caller } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { adjust } from './adjust.handler.js';
import { Adjusting } from './adjusting.service.js';
import {
  endOfItsDay,
  ExtendLotDto,
  ExtendLotsDto,
  groundsOf,
  LotWaitDto,
  ReinstateLotDto,
  requireLotId,
} from './adjustment.dto.js';
import type { AdjustmentOrder } from './domain/order.js';

/** Changes of a member's lots by hand: each is an adjustment with a reason, and manual in the journal. */
@ApiTags('adjustments')
@Controller('v1/members/:id/lots')
@Scopes('admin')
export class LotAdjustmentsController {
  constructor(
    private readonly adjusting: Adjusting,
    private readonly configs: ConfigCache,
  ) {}

  @Post('extend')
  @CommandRoute({ 201: 'AdjustmentAnswer', 202: 'AdjustmentAnswer' })
  @ApiOperation({ summary: "Give all of a member's lots that would end by a day a later end" })
  async extendAll(
    @Param('id') id: string,
    @Body() body: ExtendLotsDto,
    context: CommandContext,
  ): Promise<Submission> {
    const zone = await this.timeZone(context.caller);
    const order = {
      ...groundsOf(body),
      kind: 'extension' as const,
      expiresAt: endOfItsDay(body.expiresAt, zone),
      expiringBy: endOfItsDay(body.expiringBy, zone),
    };
    return this.submit(id, order, context);
  }

  @Post(':lotId/extend')
  @CommandRoute({ 201: 'AdjustmentAnswer', 202: 'AdjustmentAnswer' })
  @ApiOperation({ summary: 'Give a lot a later end' })
  async extend(
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: ExtendLotDto,
    context: CommandContext,
  ): Promise<Submission> {
    const order = {
      ...groundsOf(body),
      kind: 'extension' as const,
      lotId: requireLotId(lotId),
      expiresAt: endOfItsDay(body.expiresAt, await this.timeZone(context.caller)),
    };
    return this.submit(id, order, context);
  }

  @Post(':lotId/reinstate')
  @CommandRoute({ 201: 'AdjustmentAnswer', 202: 'AdjustmentAnswer' })
  @ApiOperation({ summary: 'Give expired points of a lot back as a new lot of goodwill' })
  async reinstate(
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: ReinstateLotDto,
    context: CommandContext,
  ): Promise<Submission> {
    const zone = await this.timeZone(context.caller);
    const order = {
      ...groundsOf(body),
      kind: 'reinstatement' as const,
      lotId: requireLotId(lotId),
      points: body.points ?? null,
      expiresAt: body.expiresAt === undefined ? null : endOfItsDay(body.expiresAt, zone),
    };
    return this.submit(id, order, context);
  }

  @Post(':lotId/activate')
  @CommandRoute({ 201: 'AdjustmentAnswer', 202: 'AdjustmentAnswer', 200: 'LotWaitAnswer' })
  @ApiOperation({ summary: 'Make the points of a lot usable now that wait for a date or an event' })
  activate(
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: LotWaitDto,
    context: CommandContext,
  ): Submission {
    const order = { ...groundsOf(body), kind: 'activation' as const, lotId: requireLotId(lotId) };
    return this.submit(id, order, context);
  }

  @Post(':lotId/cancel')
  @CommandRoute({ 201: 'AdjustmentAnswer', 202: 'AdjustmentAnswer', 200: 'LotWaitAnswer' })
  @ApiOperation({ summary: 'Give up the points of a lot that wait' })
  cancel(
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: LotWaitDto,
    context: CommandContext,
  ): Submission {
    const order = { ...groundsOf(body), kind: 'cancellation' as const, lotId: requireLotId(lotId) };
    return this.submit(id, order, context);
  }

  private submit(id: string, body: AdjustmentOrder, context: CommandContext): Submission {
    const target = { kind: 'member', id: requireMemberId(id) } as const;
    // A part of what expired can be given back part by part; everything else is done once by itself.
    const repeats = body.kind === 'reinstatement' && body.points !== null;
    return this.adjusting.answer({ type: adjust.type, target, body, repeats }, context);
  }

  private async timeZone({ programmeId }: Caller): Promise<string> {
    return (await this.configs.atLeast(programmeId, 0)).timeZone;
  }
}

function requireMemberId(id: string): MemberId {
  if (isId('mbr', id)) return id;
  throw new ProblemException(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
}

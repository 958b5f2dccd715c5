import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { idToUuid, isId, type RedemptionId } from '../kernel/ids.js';
import { Answers } from '../platform/http/answers.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import type { Claim } from '../platform/pipeline/index.js';
import { redemptionProblems } from './problems.js';
import type { RedeemBody } from './redeem.handler.js';
import { redemptionRecordView } from './redemption-view.js';
import {
  CaptureDto,
  DEFAULT_HOLD_SECONDS,
  ExtendDto,
  RedeemDto,
  ReverseDto,
  VoidDto,
} from './redemption.dto.js';
import { RedemptionQuery } from './redemption.query.js';

@ApiTags('redemptions')
@Controller('v1/redemptions')
@Scopes('pos')
export class RedemptionsController {
  constructor(private readonly query: RedemptionQuery) {}

  @Post()
  @CommandRoute({ 201: 'RedemptionAnswer' })
  @ApiOperation({ summary: 'Redeem a reward, or points off the basket: hold them, or use them at once' })
  redeem(@Body() body: RedeemDto, context: CommandContext): Submission {
    const externalId = body.externalId ?? null;
    const natural = externalId === null ? null : ({ scope: 'redemption', key: externalId } as const);
    const type = 'redemption.redeem';
    return commandOf(
      {
        type,
        target: targetOf(body.member, context.caller),
        body: redeemBody(body),
        natural,
        repeats: true,
      },
      context,
    );
  }

  @Get(':id')
  @Answers(200, 'RedemptionRecord')
  @Scopes('pos', 'admin', 'auditor')
  @ApiOperation({ summary: 'A redemption' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const redemption = await this.query.find(programmeId, requireId(id));
    if (!redemption) throw notFound(id);
    return redemptionRecordView(redemption);
  }

  @Post(':id/capture')
  @CommandRoute({ 200: 'RedemptionAnswer' })
  @ApiOperation({ summary: 'Use the points of a hold, all or part; the rest goes back' })
  capture(@Param('id') id: string, @Body() { points }: CaptureDto, context: CommandContext): Submission {
    const redemptionId = requireId(id);
    const body = { redemptionId, points: points ?? null };
    const target = { kind: 'redemption', id: redemptionId } as const;
    return commandOf(
      {
        type: 'redemption.capture',
        target,
        body,
        natural: claimOf('capture', redemptionId),
      },
      context,
    );
  }

  @Post(':id/void')
  @CommandRoute({ 200: 'RedemptionAnswer' })
  @ApiOperation({ summary: 'Give up a hold: every point goes back to its own lot' })
  void(@Param('id') id: string, @Body() _body: VoidDto, context: CommandContext): Submission {
    const redemptionId = requireId(id);
    const target = { kind: 'redemption', id: redemptionId } as const;
    const body = { redemptionId };
    return commandOf(
      {
        type: 'redemption.void',
        target,
        body,
        natural: claimOf('void', redemptionId),
      },
      context,
    );
  }

  @Post(':id/extend')
  @CommandRoute({ 200: 'RedemptionAnswer' })
  @ApiOperation({ summary: 'Make a hold last longer' })
  extend(@Param('id') id: string, @Body() { holdSeconds }: ExtendDto, context: CommandContext): Submission {
    const redemptionId = requireId(id);
    const target = { kind: 'redemption', id: redemptionId } as const;
    const body = { redemptionId, holdSeconds };
    return commandOf({ type: 'redemption.extend', target, body }, context);
  }

  @Post(':id/reverse')
  @CommandRoute({ 200: 'ReversalAnswer' })
  @ApiOperation({ summary: 'Give used points back to the lots they came from, all or part' })
  async reverse(
    @Param('id') id: string,
    @Body() { points, reason }: ReverseDto,
    context: CommandContext,
  ): Promise<Submission> {
    const redemptionId = requireId(id);
    const redemption = await this.query.find(context.caller.programmeId, redemptionId);
    if (!redemption) throw notFound(id);
    const target = { kind: 'redemption', id: redemptionId } as const;
    const body = { redemptionId, points: points ?? null, reason: reason ?? null };
    const command = commandOf(
      { type: 'redemption.reverse', target, body, repeats: body.points !== null },
      context,
    );
    // A capture leaves no lot but those of the hold, so what was read holds; the fingerprint does not cover it.
    const lots = redemption.lots.map(({ lotId }) => lotId);
    const counterparty = { kind: 'member', id: redemption.memberId } as const;
    return { ...command, counterparty, body: { ...body, lots } };
  }
}

/** A hold is captured or voided once: a repeated request gets the first answer. */
function claimOf(scope: 'capture' | 'void', id: RedemptionId): Claim {
  return { scope, key: idToUuid(id) };
}

function redeemBody(dto: RedeemDto): RedeemBody {
  const given = [dto.rewardId, dto.points].filter((value) => value !== undefined && value !== null);
  if (given.length !== 1) {
    throw invalid([
      { pointer: '/rewardId', code: 'ONE_OF', detail: 'Give exactly one of rewardId and points.' },
    ]);
  }
  return {
    rewardId: dto.rewardId ?? null,
    points: dto.points ?? null,
    mode: dto.mode,
    holdSeconds: dto.holdSeconds ?? DEFAULT_HOLD_SECONDS,
    externalId: dto.externalId ?? null,
    // Left out where it is absent, so that the fingerprint of a request without this field stays as it was.
    ...(typeof dto.basketMinor === 'number' ? { basketMinor: dto.basketMinor } : {}),
  };
}

function requireId(id: string): RedemptionId {
  if (isId('rdm', id)) return id;
  throw notFound(id);
}

function notFound(id: string): ProblemException {
  return new ProblemException(
    redemptionProblems.problem('REDEMPTION_NOT_FOUND', `There is no redemption ${id}.`),
  );
}

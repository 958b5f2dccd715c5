import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import type { Clock } from '../kernel/time.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import type { TierSet } from './domain/tier-set.js';
import { membersOnTiers } from './members-on-tiers.query.js';
import { tierHasMembers } from './problems.js';
import { PublishTierSetDto, TierSetDto, tierSetOf } from './tier-set.dto.js';
import { tierKeysFrom, tierSetKind } from './tier-set.kind.js';

const ADDRESS = { kind: tierSetKind.name, key: TIER_SET_KEY };

@ApiTags('tier sets')
@Controller('v1/tier-sets')
@Scopes('admin')
export class TierSetsController {
  constructor(
    private readonly config: ConfigEndpoint,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Answers(200, 'TierSetVersions')
  @Scopes('pos', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Every version of the ladder' })
  list(@CurrentCaller() caller: Caller) {
    return this.config.list(caller, tierSetKind.name);
  }

  @Put('draft')
  @Answers(200, 'TierSetVersion')
  @ApiOperation({ summary: 'Write the next version of the ladder as a draft' })
  saveDraft(@CurrentCaller() caller: Caller, @Body() body: TierSetDto) {
    return this.config.saveDraft(caller, ADDRESS, tierSetOf(body));
  }

  @Post('publish')
  @Answers(200, 'TierSetVersion')
  @HttpCode(200)
  @ApiOperation({ summary: 'Publish the draft from an instant on' })
  publish(@CurrentCaller() caller: Caller, @Body() body: PublishTierSetDto) {
    return this.config.publish(caller, ADDRESS, body, this.noneDropped(caller, body.membersDropped ?? 0));
  }

  @Delete('draft')
  @AnswersNothing()
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller) {
    return this.config.discardDraft(caller, ADDRESS);
  }

  /** A ladder that leaves members without their tier is published only with their number. */
  private noneDropped({ programmeId }: Caller, stated: number): PublishCheck {
    return {
      holdsWrites: true,
      refusal: async ({ draft, config, reader }) => {
        const { tiers } = draft.body as unknown as TierSet;
        const kept = new Set(tiers.map(({ key }) => key));
        const gone = tierKeysFrom(config, this.clock.now()).filter((key) => !kept.has(key));
        const byTier = await membersOnTiers(reader, programmeId, gone);
        const dropped = [...byTier.values()].reduce((sum, count) => sum + count, 0);
        if (dropped === stated || dropped === 0) return null;
        return tierHasMembers(byTier, (tiers[0] as TierSet['tiers'][number]).key);
      },
    };
  }
}

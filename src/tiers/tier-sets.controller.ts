import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import type { Clock } from '../kernel/time.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import type { TierSet } from './domain/tier-set.js';
import { MembersOnTiersQuery } from './members-on-tiers.query.js';
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
    private readonly members: MembersOnTiersQuery,
    private readonly configs: ConfigCache,
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
  async publish(@CurrentCaller() caller: Caller, @Body() body: PublishTierSetDto) {
    await this.requireNoneDropped(caller, body.membersDropped ?? 0);
    return this.config.publish(caller, ADDRESS, body);
  }

  @Delete('draft')
  @AnswersNothing()
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller) {
    return this.config.discardDraft(caller, ADDRESS);
  }

  /** A ladder that leaves members without their tier is published only by whoever says how many they are. */
  private async requireNoneDropped(caller: Caller, said: number): Promise<void> {
    const { data } = await this.config.list(caller, tierSetKind.name);
    const draft = data.find(({ status }) => status === 'draft')?.definition as TierSet | undefined;
    const first = draft?.tiers[0]?.key;
    if (!draft || first === undefined) return;
    const kept = new Set(draft.tiers.map(({ key }) => key));
    const config = await this.configs.current(caller.programmeId);
    const gone = tierKeysFrom(config, this.clock.now()).filter((key) => !kept.has(key));
    const byTier = await this.members.count(caller.programmeId, gone);
    const dropped = [...byTier.values()].reduce((sum, count) => sum + count, 0);
    if (dropped !== said && dropped > 0) throw new ProblemException(tierHasMembers(byTier, first));
  }
}

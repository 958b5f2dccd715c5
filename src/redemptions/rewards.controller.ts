import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { IdSource } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { RewardStockStore } from './reward-stock.store.js';
import { RewardDto, rewardOf, StockDto } from './reward.dto.js';
import { rewardKind } from './reward.kind.js';

const address = (key: string) => ({ kind: rewardKind.name, key });

@ApiTags('rewards')
@Controller('v1/rewards')
@Scopes('admin')
export class RewardsController {
  constructor(
    private readonly config: ConfigEndpoint,
    private readonly stock: RewardStockStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Get()
  @Answers(200, 'RewardVersions')
  @Scopes('pos', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Every version of every reward, with what is left of those in stock' })
  async list(@CurrentCaller() caller: Caller) {
    const { data } = await this.config.list(caller, rewardKind.name);
    const remaining = await this.stock.remaining(caller);
    return {
      data: data.map((version) => ({ ...version, stock: remaining.get(version.id) ?? null })),
      nextCursor: null,
    };
  }

  @Get(':id')
  @Answers(200, 'RewardHistory')
  @Scopes('pos', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'The versions of one reward' })
  versions(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.versions(caller, address(id));
  }

  @Put(':id/draft')
  @Answers(200, 'RewardVersion')
  @ApiOperation({ summary: 'Write the next version as a draft' })
  saveDraft(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: RewardDto) {
    return this.config.saveDraft(caller, address(id), rewardOf(body));
  }

  @Post(':id/publish')
  @Answers(200, 'RewardVersion')
  @HttpCode(200)
  @ApiOperation({ summary: 'Publish the draft from an instant on' })
  publish(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: PublishDto) {
    return this.config.publish(caller, address(id), body);
  }

  @Delete(':id/draft')
  @AnswersNothing()
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.discardDraft(caller, address(id));
  }

  @Post(':id/stock')
  @Answers(200, 'RewardStock')
  @HttpCode(200)
  @ApiOperation({ summary: 'Add to, or take from, the stock of a reward' })
  async addStock(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() { add }: StockDto) {
    await this.config.versions(caller, address(id));
    const { programmeId, keyId } = caller;
    const act = { programmeId, actor: keyId, now: this.clock.now(), ids: this.ids };
    return { rewardId: id, stock: await this.stock.add(act, id, add) };
  }
}

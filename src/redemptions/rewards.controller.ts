import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { IdSource } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import type { ConfigVersionView } from '../platform/versioned-config/config-lifecycle.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import { RewardStockStore } from './reward-stock.store.js';
import { RewardDto, rewardOf, StockDto } from './reward.dto.js';
import { rewardKind } from './reward.kind.js';

@ApiTags('rewards')
@Controller('v1/rewards')
@Scopes('admin')
@ConfigRoutes({
  kind: rewardKind,
  schema: 'Reward',
  dto: RewardDto,
  readers: ['pos', 'admin', 'analyst', 'auditor'],
  summaries: {
    list: 'Every version of every reward, with what is left of those in stock',
    versions: 'The versions of one reward',
    draft: 'Write the next version as a draft',
  },
})
export class RewardsController implements ConfigHooks<RewardDto> {
  constructor(
    private readonly config: ConfigEndpoint,
    private readonly stock: RewardStockStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  definitionOf(body: RewardDto): ReturnType<typeof rewardOf> {
    return rewardOf(body);
  }

  async listed(caller: Caller, versions: readonly ConfigVersionView[]) {
    const remaining = await this.stock.remaining(caller);
    return versions.map((version) => ({ ...version, stock: remaining.get(version.id) ?? null }));
  }

  @Post(':id/stock')
  @Answers(200, 'RewardStock')
  @HttpCode(200)
  @ApiOperation({ summary: 'Add to, or take from, the stock of a reward' })
  async addStock(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() { add }: StockDto) {
    await this.config.versions(caller, { kind: rewardKind.name, key: id });
    const { programmeId, keyId } = caller;
    const act = { programmeId, actor: keyId, now: this.clock.now(), ids: this.ids };
    return { rewardId: id, stock: await this.stock.add(act, id, add) };
  }
}

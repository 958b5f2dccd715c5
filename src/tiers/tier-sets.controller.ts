import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Clock } from '../kernel/time.js';
import { Scopes, type Caller } from '../platform/http/caller.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import type { TierSet } from './domain/tier-set.js';
import { membersOnTiers } from './members-on-tiers.query.js';
import { tierHasMembers } from './problems.js';
import { PublishTierSetDto, TierSetDto, tierSetOf } from './tier-set.dto.js';
import { tierKeysFrom, tierSetKind } from './tier-set.kind.js';

@ApiTags('tier sets')
@Controller('v1/tier-sets')
@Scopes('admin')
@ConfigRoutes({
  kind: tierSetKind,
  key: TIER_SET_KEY,
  schema: 'TierSet',
  dto: TierSetDto,
  publishDto: PublishTierSetDto,
  readers: ['pos', 'admin', 'analyst', 'auditor'],
  summaries: {
    list: 'Every version of the ladder',
    draft: 'Write the next version of the ladder as a draft',
  },
})
export class TierSetsController implements ConfigHooks<TierSetDto, PublishTierSetDto> {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  definitionOf(body: TierSetDto): TierSet {
    return tierSetOf(body);
  }

  /** A ladder that leaves members without their tier is published only with their number. */
  publishCheck({ programmeId }: Caller, { membersDropped: stated = 0 }: PublishTierSetDto): PublishCheck {
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

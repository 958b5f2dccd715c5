import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '../kernel/time.js';
import { localDate } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { Publication, PublishCheck } from '../platform/versioned-config/config.store.js';
import { CampaignDto, campaignOf } from './campaign.dto.js';
import { campaignKind, currentCampaign } from './campaign.kind.js';
import { campaignNotFound } from './campaign-not-found.js';
import type { Campaign } from './domain/campaign.js';
import { belowTaken, changedLater, fillPlaces } from './place.store.js';
import { PlacesLeftQuery } from './places-left.query.js';

@ApiTags('campaigns')
@Controller('v1/campaigns')
@Scopes('admin')
@ConfigRoutes({
  kind: campaignKind,
  schema: 'Campaign',
  dto: CampaignDto,
  readers: ['pos', 'activities', 'admin', 'analyst', 'auditor'],
  summaries: {
    list: 'Every version of every campaign',
    versions: 'The versions of one campaign',
    draft: 'Write the next version of a campaign as a draft',
  },
})
export class CampaignsController implements ConfigHooks<CampaignDto> {
  constructor(
    private readonly configs: ConfigCache,
    private readonly left: PlacesLeftQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  definitionOf(body: CampaignDto): Campaign {
    return campaignOf(body);
  }

  publishCheck(): PublishCheck {
    const now = this.clock.now();
    const refusal = (publication: Publication) =>
      changedLater(publication, now) ?? belowTaken(publication, now);
    return { refusal, alsoWrites: (publication) => fillPlaces(publication, now), holdsWrites: true };
  }

  @Get(':id/places')
  @Answers(200, 'CampaignPlaces')
  @Scopes('pos', 'activities', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'The places left of a campaign, in all and today' })
  async places(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const config = await this.configs.current(programmeId);
    const published = currentCampaign(config, id);
    if (!published) throw new ProblemException(campaignNotFound(id));
    const { version, body } = published;
    const day = localDate(this.clock.now(), config.timeZone);
    const left = await this.left.find(programmeId, id, day);
    return {
      campaignId: id,
      version,
      places: body.places,
      left: { inAll: left.inAll, today: left.today },
      day,
    };
  }
}

import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../platform/http/caller.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import { ActivityTypeDto, activityTypeOf } from './activity-type.dto.js';
import { activityTypeKind } from './activity-type.kind.js';
import type { ActivityType } from './domain/activity-type.js';

@ApiTags('activity types')
@Controller('v1/activity-types')
@Scopes('admin')
@ConfigRoutes({
  kind: activityTypeKind,
  schema: 'ActivityType',
  dto: ActivityTypeDto,
  readers: ['pos', 'activities', 'admin', 'analyst', 'auditor'],
  summaries: {
    list: 'Every version of every type of activity',
    versions: 'The versions of one type',
    draft: 'Write the next version of a type as a draft',
  },
})
export class ActivityTypesController implements ConfigHooks<ActivityTypeDto> {
  definitionOf(body: ActivityTypeDto): ActivityType {
    return activityTypeOf(body);
  }
}

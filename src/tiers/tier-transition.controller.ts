import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { TierTransitions, type TransitionView } from './tier-transitions.service.js';

@ApiTags('tier sets')
@Controller('v1/tier-sets/transition')
@Scopes('admin', 'analyst', 'auditor')
export class TierTransitionController {
  constructor(private readonly transitions: TierTransitions) {}

  @Get()
  @Answers(200, 'TierTransition')
  @ApiOperation({ summary: 'How far members have met the ladder in force' })
  view(@CurrentCaller() { programmeId }: Caller): Promise<TransitionView> {
    return this.transitions.view(programmeId);
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiKeyStore } from '../keys/index.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import type { ConfigVersionEntity } from '../platform/versioned-config/config-version.entity.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { AdjustmentReasonDto, adjustmentReasonOf } from './adjustment-reason.dto.js';
import { adjustmentReasonKind } from './adjustment-reason.kind.js';
import { widens, type AdjustmentReason } from './domain/adjustment-reason.js';
import { adjustmentProblems } from './problems.js';

const from = ({ effectiveAt }: ConfigVersionEntity) => effectiveAt?.getTime() ?? 0;

const address = (key: string) => ({ kind: adjustmentReasonKind.name, key });

@ApiTags('adjustment reasons')
@Controller('v1/adjustment-reasons')
@Scopes('limits')
export class AdjustmentReasonsController {
  constructor(
    private readonly config: ConfigEndpoint,
    private readonly keys: ApiKeyStore,
  ) {}

  @Get()
  @Answers(200, 'AdjustmentReasonVersions')
  @Scopes('admin', 'limits', 'finance', 'auditor')
  @ApiOperation({ summary: 'Every version of every reason for adjusting points by hand' })
  list(@CurrentCaller() caller: Caller) {
    return this.config.list(caller, adjustmentReasonKind.name);
  }

  @Get(':id')
  @Answers(200, 'AdjustmentReasonHistory')
  @Scopes('admin', 'limits', 'finance', 'auditor')
  @ApiOperation({ summary: 'The versions of one reason' })
  versions(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.versions(caller, address(id));
  }

  @Put(':id/draft')
  @Answers(200, 'AdjustmentReasonVersion')
  @ApiOperation({ summary: 'Write the next version as a draft' })
  saveDraft(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: AdjustmentReasonDto) {
    return this.config.saveDraft(caller, address(id), adjustmentReasonOf(body));
  }

  @Post(':id/publish')
  @Answers(200, 'AdjustmentReasonVersion')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publish the draft from an instant on; a higher limit than before takes a key of another line',
  })
  async publish(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: PublishDto) {
    return this.config.publish(caller, address(id), body, await this.notWidenedAlone(caller));
  }

  @Delete(':id/draft')
  @AnswersNothing()
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.discardDraft(caller, address(id));
  }

  /** What one line of keys may adjust by itself is never widened by that line alone. */
  private async notWidenedAlone({ programmeId, line }: Caller): Promise<PublishCheck> {
    const lines = await this.keys.lines(programmeId);
    const refusal: PublishCheck['refusal'] = ({ draft, published, effectiveAt }) => {
      const maker = lines.get(draft.createdBy);
      if (maker !== undefined && maker !== line) return null;
      const inOrder = published.toSorted((a, b) => from(a) - from(b));
      // It takes over from this version alone: a later one, once approved, begins when it was to begin.
      const inForce = inOrder.findLast((version) => from(version) <= effectiveAt);
      const before = (inForce?.body ?? null) as AdjustmentReason | null;
      if (!widens(draft.body as unknown as AdjustmentReason, before)) return null;
      const detail =
        'The draft lets one line of keys adjust more by itself than before: publish it with a key of another line ' +
        'than the one that drafted it.';
      return adjustmentProblems.problem('MAKER_IS_CHECKER', detail);
    };
    return { refusal };
  }
}

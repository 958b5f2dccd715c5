import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiKeyStore } from '../keys/index.js';
import { Scopes, type Caller } from '../platform/http/caller.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { WithdrawCheck } from '../platform/versioned-config/config-acts.store.js';
import type { ConfigVersionEntity } from '../platform/versioned-config/config-version.entity.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { AdjustmentReasonDto, adjustmentReasonOf } from './adjustment-reason.dto.js';
import { adjustmentReasonKind } from './adjustment-reason.kind.js';
import { widens, type AdjustmentReason } from './domain/adjustment-reason.js';
import { adjustmentProblems } from './problems.js';

const from = ({ effectiveAt }: ConfigVersionEntity) => effectiveAt?.getTime() ?? 0;

@ApiTags('adjustment reasons')
@Controller('v1/adjustment-reasons')
@Scopes('limits')
@ConfigRoutes({
  kind: adjustmentReasonKind,
  schema: 'AdjustmentReason',
  dto: AdjustmentReasonDto,
  readers: ['admin', 'limits', 'finance', 'auditor'],
  summaries: {
    list: 'Every version of every reason for adjusting points by hand',
    versions: 'The versions of one reason',
    draft: 'Write the next version as a draft',
    publish: 'Publish the draft from an instant on; a higher limit than before takes a key of another line',
  },
})
export class AdjustmentReasonsController implements ConfigHooks<AdjustmentReasonDto> {
  constructor(private readonly keys: ApiKeyStore) {}

  definitionOf(body: AdjustmentReasonDto): AdjustmentReason {
    return adjustmentReasonOf(body);
  }

  /** What one line of keys may adjust by itself is never widened by that line alone. */
  async publishCheck({ programmeId, line }: Caller): Promise<PublishCheck> {
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

  /** The line that planned a lower limit may take it back, and no other: that would widen what it may do. */
  async withdrawCheck({ programmeId, line }: Caller): Promise<WithdrawCheck> {
    const lines = await this.keys.lines(programmeId);
    return ({ version, instead }) => {
      if (lines.get(version.publishedBy ?? '') === line || instead === null) return null;
      const planned = version.body as unknown as AdjustmentReason;
      if (!widens(instead.body as unknown as AdjustmentReason, planned)) return null;
      const detail =
        'Without this version one line of keys could adjust more by itself: withdraw it with a key of the line that ' +
        'published it.';
      return adjustmentProblems.problem('NOT_THE_PLANNER', detail);
    };
  }
}

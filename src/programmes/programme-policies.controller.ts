import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes, type Caller } from '../platform/http/caller.js';
import { ConfigKinds } from '../platform/versioned-config/config-kinds.js';
import { invalid } from '../platform/http/validation.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { WithdrawCheck } from '../platform/versioned-config/config-acts.store.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { booksFromKept, booksFromOf } from './books-from.js';
import { booksBegun } from './books.query.js';
import type { DraftedPolicy } from './domain/programme-policy.js';
import {
  PROGRAMME_POLICY_KEY,
  programmePolicyKind,
  type PublishedProgrammePolicy,
} from './programme-policy.kind.js';
import { ProgrammePolicyDto, programmePolicyOf } from './programme.dto.js';
import { unknownTiers } from './tier-names.js';

@ApiTags('programmes')
@Controller('v1/programmes/policy')
@Scopes('admin')
@ConfigRoutes({
  kind: programmePolicyKind,
  key: PROGRAMME_POLICY_KEY,
  schema: 'ProgrammePolicy',
  dto: ProgrammePolicyDto,
  readers: ['admin', 'analyst', 'auditor'],
  summaries: {
    list: 'Every version of the programme policy: point name, expiry, points off the basket',
    draft: 'Write the next version of the policy as a draft',
  },
})
export class ProgrammePoliciesController implements ConfigHooks<ProgrammePolicyDto> {
  constructor(private readonly kinds: ConfigKinds) {}

  definitionOf(body: ProgrammePolicyDto): DraftedPolicy {
    const known = this.kinds.all();
    const unknown = (body.twoPersons ?? []).findIndex((kind) => !known.has(kind));
    if (unknown < 0) return programmePolicyOf(body);
    const detail = `There is no kind of configuration ${body.twoPersons?.[unknown]}; there are ${[...known.keys()].join(', ')}.`;
    throw invalid([{ pointer: `/twoPersons/${unknown}`, code: 'KIND_UNKNOWN', detail }]);
  }

  publishCheck({ programmeId }: Caller): PublishCheck {
    return {
      holdsWrites: true,
      refusal: async ({ draft, config, effectiveAt, reader }) => {
        const { tierExpiry = {}, booksFrom = null } = draft.body as unknown as PublishedProgrammePolicy;
        const moved = booksFromKept(booksFromOf(config), booksFrom);
        if (moved && (await booksBegun(reader, programmeId))) return moved;
        return unknownTiers(config, Object.keys(tierExpiry), '/tierExpiry', effectiveAt);
      },
    };
  }

  /** The first month in the books is that of the policy published last, so that one stays. */
  withdrawCheck(): WithdrawCheck {
    return ({ config, others }) => {
      const last = others.at(-1)?.body as unknown as PublishedProgrammePolicy | undefined;
      return booksFromKept(booksFromOf(config), last?.booksFrom ?? null);
    };
  }
}

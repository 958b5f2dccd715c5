import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes, type Caller } from '../platform/http/caller.js';
import { invalid } from '../platform/http/validation.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import { AccountingPolicyDto, accountingPolicyOf } from './accounting-policy.dto.js';
import {
  ACCOUNTING_POLICY_KEY,
  accountingPolicyFor,
  accountingPolicyKind,
} from './accounting-policy.kind.js';

@ApiTags('accounting policies')
@Controller('v1/finance/policies')
@Scopes('admin', 'finance')
@ConfigRoutes({
  kind: accountingPolicyKind,
  key: ACCOUNTING_POLICY_KEY,
  schema: 'AccountingPolicy',
  dto: AccountingPolicyDto,
  readers: ['admin', 'finance', 'auditor'],
  summaries: {
    list: 'Every version of the accounting policy',
    draft: 'Write the next version of the policy as a draft; what it does not say stays as published before',
  },
})
export class AccountingPoliciesController implements ConfigHooks<AccountingPolicyDto> {
  constructor(private readonly configs: ConfigCache) {}

  async definitionOf(body: AccountingPolicyDto, caller: Caller) {
    const published = accountingPolicyFor(await this.configs.current(caller.programmeId), Infinity);
    // The ledgers of two entities cannot share one control account: that is a transfer, not a new version.
    if (published && published.body.entity !== body.entity) {
      const detail = `The programme's entity is ${published.body.entity} and stays so.`;
      throw invalid([{ pointer: '/entity', code: 'ENTITY_IS_FIXED', detail }]);
    }
    return accountingPolicyOf(body, published?.body);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { IdSource } from '../../kernel/ids.js';
import { parseInstant, type Clock } from '../../kernel/time.js';
import type { Caller } from '../http/caller.js';
import { unwrap } from '../http/problem.exception.js';
import { invalid } from '../http/validation.js';
import { CLOCK, IDS } from '../tokens.js';
import { ConfigCache } from './config-cache.js';
import { ConfigLifecycle, type ConfigVersionView } from './config-lifecycle.js';
import type { PublishDto } from './config-requests.dto.js';
import type { ConfigAct, ConfigAddress, PublishCheck } from './config.store.js';

/** Keys of configuration: short names that go into URLs and explanations. */
const KEY = /^[a-z0-9][a-z0-9-]{0,59}$/;

/** Whether a text can name a definition. */
export function isConfigKey(text: string): boolean {
  return KEY.test(text);
}

export const NOT_A_KEY_DETAIL =
  'An id is 1 to 60 lower-case letters, digits and hyphens, and begins with no hyphen.';

/** What every controller of a kind of configuration does. */
@Injectable()
export class ConfigEndpoint {
  constructor(
    private readonly lifecycle: ConfigLifecycle,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async list(
    { programmeId }: Caller,
    kind: string,
  ): Promise<{ data: readonly ConfigVersionView[]; nextCursor: null }> {
    return { data: await this.lifecycle.list(programmeId, kind), nextCursor: null };
  }

  async versions(
    { programmeId }: Caller,
    address: ConfigAddress,
  ): Promise<{ data: readonly ConfigVersionView[] }> {
    return { data: unwrap(await this.lifecycle.versions(programmeId, address)) };
  }

  async saveDraft(caller: Caller, address: ConfigAddress, definition: object): Promise<ConfigVersionView> {
    if (!isConfigKey(address.key))
      throw invalid([{ pointer: '/id', code: 'NOT_A_KEY', detail: NOT_A_KEY_DETAIL }]);
    return this.lifecycle.saveDraft(this.act(caller), address, definition);
  }

  async publish(
    caller: Caller,
    address: ConfigAddress,
    body: PublishDto,
    check?: PublishCheck,
  ): Promise<ConfigVersionView> {
    const effectiveAt =
      body.effectiveAt === undefined ? undefined : (parseInstant(body.effectiveAt) ?? undefined);
    const options = {
      ...(effectiveAt === undefined ? {} : { effectiveAt }),
      retroactive: body.retroactive ?? false,
      check,
    };
    const published = unwrap(await this.lifecycle.publish(this.act(caller), address, options));
    // Whatever asks this process from now on goes by what was published.
    await this.configs.current(caller.programmeId);
    return published;
  }

  async discardDraft(caller: Caller, address: ConfigAddress): Promise<void> {
    unwrap(await this.lifecycle.discardDraft(this.act(caller), address));
  }

  private act({ programmeId, keyId }: Caller): ConfigAct {
    return { programmeId, actor: keyId, now: this.clock.now(), ids: this.ids };
  }
}

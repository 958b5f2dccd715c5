import { Inject, Injectable } from '@nestjs/common';
import type { ProgrammeId } from '../kernel/ids.js';
import type { Clock, Instant } from '../kernel/time.js';
import { ApiKeyStore } from '../keys/index.js';
import type { Caller, KeyAuthenticator } from '../platform/http/caller.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { programmePolicyInForce } from './programme-policy.kind.js';

/** How long this process may not see a policy that another one published. */
const POLICY_SEEN_MS = 5_000;

/** Callers with what their programme's policy says of how they may write. */
@Injectable()
export class Callers implements KeyAuthenticator {
  private readonly seen = new Map<ProgrammeId, Instant>();

  constructor(
    private readonly keys: ApiKeyStore,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async authenticate(key: string): Promise<Caller | null> {
    const caller = await this.keys.authenticate(key);
    return caller && { ...caller, phoneRegion: await this.phoneRegion(caller.programmeId) };
  }

  private async phoneRegion(programmeId: ProgrammeId): Promise<string | null> {
    const now = this.clock.now();
    const fresh = now - (this.seen.get(programmeId) ?? -Infinity) < POLICY_SEEN_MS;
    const known = fresh ? this.configs.known(programmeId) : undefined;
    if (!known) this.seen.set(programmeId, now);
    const config = known ?? (await this.configs.current(programmeId));
    return programmePolicyInForce(config, now).phoneRegion;
  }
}

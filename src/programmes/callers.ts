import { Inject, Injectable } from '@nestjs/common';
import type { ProgrammeId } from '../kernel/ids.js';
import type { Clock, Instant } from '../kernel/time.js';
import { ApiKeyStore } from '../keys/index.js';
import type { Caller, KeyAuthenticator } from '../platform/http/caller.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { programmePolicyInForce } from './programme-policy.kind.js';

/** How long this process may not see a policy that another one published. */
const POLICY_SEEN_MS = 5_000;

/** Callers with what their programme's policy says of how they may write. */
@Injectable()
export class Callers implements KeyAuthenticator {
  /** When the policy of a programme was read last. */
  private readonly readAt = new Map<ProgrammeId, Instant>();
  /** By the caller as its key says it, which is the same object for as long as the key is trusted. */
  private readonly complete = new WeakMap<Caller, Caller>();

  constructor(
    private readonly keys: ApiKeyStore,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  authenticate(key: string): Caller | null | Promise<Caller | null> {
    const caller = this.keys.authenticate(key);
    return caller instanceof Promise
      ? caller.then((found) => this.withPolicy(found))
      : this.withPolicy(caller);
  }

  private withPolicy(caller: Caller | null): Caller | null | Promise<Caller> {
    if (!caller) return null;
    const now = this.clock.now();
    const { programmeId } = caller;
    const fresh = now - (this.readAt.get(programmeId) ?? -Infinity) < POLICY_SEEN_MS;
    const known = fresh ? this.configs.known(programmeId) : undefined;
    if (known) return this.completed(caller, known, now);
    this.readAt.set(programmeId, now);
    return this.configs.current(programmeId).then((config) => this.completed(caller, config, now));
  }

  private completed(caller: Caller, config: ConfigSnapshot, now: Instant): Caller {
    const { phoneRegion } = programmePolicyInForce(config, now);
    if (phoneRegion === null) return caller;
    const known = this.complete.get(caller);
    if (known?.phoneRegion === phoneRegion) return known;
    const made = { ...caller, phoneRegion };
    this.complete.set(caller, made);
    return made;
  }
}

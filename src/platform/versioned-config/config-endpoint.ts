import { Inject, Injectable } from '@nestjs/common';
import type { IdSource } from '../../kernel/ids.js';
import { parseInstant, type Clock } from '../../kernel/time.js';
import type { Caller } from '../http/caller.js';
import { ProblemException, unwrap } from '../http/problem.exception.js';
import { invalid } from '../http/validation.js';
import { CLOCK, IDS } from '../tokens.js';
import { ConfigCache } from './config-cache.js';
import type { WithdrawCheck } from './config-acts.store.js';
import { ConfigLifecycle, type ConfigVersionView, type PauseView } from './config-lifecycle.js';
import type { ActNoteDto, PublishDto } from './config-requests.dto.js';
import type { ConfigAct, ConfigAddress } from './config-act.js';
import type { PublishTerms } from './config.store.js';
import type { DraftCondition } from './draft-tag.js';
import { configProblems } from './problems.js';
import type { HeldPublication } from './publication-gate.js';

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

  async saveDraft(
    caller: Caller,
    address: ConfigAddress,
    definition: object,
    condition: DraftCondition = {},
  ): Promise<ConfigVersionView> {
    if (!isConfigKey(address.key))
      throw invalid([{ pointer: '/id', code: 'NOT_A_KEY', detail: NOT_A_KEY_DETAIL }]);
    return unwrap(await this.lifecycle.saveDraft(this.act(caller), address, definition, condition));
  }

  async publish(
    caller: Caller,
    address: ConfigAddress,
    body: PublishDto,
    { approves = null, ...held }: Omit<PublishTerms, 'said'> & { readonly approves?: string | null },
  ): Promise<ConfigVersionView | HeldPublication> {
    const effectiveAt =
      body.effectiveAt === undefined ? undefined : (parseInstant(body.effectiveAt) ?? undefined);
    const options = {
      ...(effectiveAt === undefined ? {} : { effectiveAt }),
      retroactive: body.retroactive ?? false,
      ...held,
      said: { body, approves },
    };
    const published = unwrap(await this.lifecycle.publish(this.act(caller), address, options));
    // Whatever asks this process from now on goes by what was published.
    await this.configs.current(caller.programmeId);
    return published;
  }

  async discardDraft(caller: Caller, address: ConfigAddress, condition: DraftCondition): Promise<void> {
    unwrap(await this.lifecycle.discardDraft(this.act(caller), address, condition));
  }

  /** @param version as it stands in the path. */
  async withdraw(
    caller: Caller,
    address: ConfigAddress,
    version: string,
    { note }: ActNoteDto,
    check?: WithdrawCheck,
  ): Promise<ConfigVersionView> {
    if (!/^[1-9]\d{0,8}$/.test(version)) {
      const detail = `${address.kind} ${address.key} has no version ${version}.`;
      throw new ProblemException(configProblems.problem('CONFIG_NOT_FOUND', detail));
    }
    const held = { note: note ?? null, clock: () => this.clock.now(), check };
    const withdrawn = await this.lifecycle.withdraw(this.act(caller), address, Number(version), held);
    await this.configs.current(caller.programmeId);
    return unwrap(withdrawn);
  }

  async turn(
    caller: Caller,
    address: ConfigAddress,
    towards: 'paused' | 'resumed',
    { note }: ActNoteDto,
  ): Promise<PauseView> {
    const held = { note: note ?? null, clock: () => this.clock.now() };
    const turned = await this.lifecycle.turn(this.act(caller), address, towards, held);
    await this.configs.current(caller.programmeId);
    return unwrap(turned);
  }

  async pauses({ programmeId }: Caller, address: ConfigAddress): Promise<{ data: readonly PauseView[] }> {
    return { data: unwrap(await this.lifecycle.pauses(programmeId, address)) };
  }

  private act({ programmeId, keyId }: Caller): ConfigAct {
    return { programmeId, actor: keyId, now: this.clock.now(), ids: this.ids };
  }
}

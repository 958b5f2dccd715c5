import { ENGINE } from '../../kernel/domain-events.js';
import type { AccountId, IdSource, MemberId, ProgrammeId } from '../../kernel/ids.js';
import type { Command, Target } from '../pipeline/index.js';

/** A digest where there is no request to digest. */
const NO_REQUEST = '00';

/** What a job's command is about: an account, or the member of it that is named. */
interface EngineTarget {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
  readonly memberId?: MemberId | null;
}

/**
 * A command that a job gives for an account, on behalf of no caller. It is decided after those of callers, and is safe
 * to be given again: it has no name by which a repetition would be recognised.
 * @param counterparty the other side of a command on two accounts.
 */
export function engineCommand<B extends object>(
  type: string,
  { programmeId, accountId, memberId = null }: EngineTarget,
  ids: IdSource,
  body: B,
  counterparty?: Target,
): Command<B> {
  return {
    type,
    commandId: ids.next('evt'),
    programmeId,
    target: memberId === null ? { kind: 'account', id: accountId } : { kind: 'member', id: memberId },
    ...(counterparty && { counterparty }),
    body,
    natural: null,
    idempotencyKey: null,
    fingerprint: NO_REQUEST,
    targetFingerprint: NO_REQUEST,
    actor: ENGINE,
    dryRun: false,
    bulk: true,
  };
}

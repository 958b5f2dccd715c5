import { ENGINE } from '../../kernel/domain-events.js';
import type { AccountId, IdSource, ProgrammeId } from '../../kernel/ids.js';
import type { Command, Target } from '../pipeline/index.js';

/** A digest where there is no request to digest. */
const NO_REQUEST = '00';

/**
 * A command that a job gives for an account, on behalf of no caller. It is decided after those of callers, and is safe
 * to be given again: it has no name by which a repetition would be recognised.
 * @param counterparty the other side of a command on two accounts.
 */
export function engineCommand<B extends object>(
  type: string,
  { programmeId, accountId }: { readonly programmeId: ProgrammeId; readonly accountId: AccountId },
  ids: IdSource,
  body: B,
  counterparty?: Target,
): Command<B> {
  return {
    type,
    commandId: ids.next('evt'),
    programmeId,
    target: { kind: 'account', id: accountId },
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

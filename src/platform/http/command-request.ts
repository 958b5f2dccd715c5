import { canonicalJson } from '../../kernel/canonical-json.js';
import { sha256Hex } from '../../kernel/sha256.js';
import type { Claim, Command, NewAccount, Target } from '../pipeline/index.js';
import type { CommandContext } from './command-context.js';
import { ProblemException } from './problem.exception.js';
import { httpProblems } from './problems.js';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** What a route makes of its path and body; what else a request carries is in the `CommandContext`. */
export interface CommandRequest<B> {
  readonly type: string;
  readonly target: Target;
  /** The other account of a command on two. */
  readonly counterparty?: Target | NewAccount;
  readonly body: B;
  readonly natural?: Claim | null;
  /** Whether the same request would take effect a second time: then it needs a name, by which it is done once. */
  readonly repeats?: boolean;
}

/** Makes a command of a checked request. Two requests that say the same have the same fingerprint. */
export function commandOf<B>(request: CommandRequest<B>, context: CommandContext): Command<B> {
  const { type, target, counterparty, body, natural = null, repeats = false } = request;
  const { caller, ids, idempotencyKey, dryRun, explain, bulk } = context;
  if (repeats && natural === null && idempotencyKey === undefined && !dryRun) throw nameRequired();
  return {
    type,
    commandId: ids.next('evt'),
    programmeId: caller.programmeId,
    target,
    ...(counterparty && { counterparty }),
    body,
    natural,
    idempotencyKey: readIdempotencyKey(idempotencyKey),
    fingerprint: sha256Hex(canonicalJson([type, body, ...fingerprinted(counterparty)])),
    targetFingerprint: sha256Hex(canonicalJson(target)),
    actor: caller.keyId,
    dryRun,
    ...(explain && { explain }),
    ...(bulk && { bulk }),
    // Not part of the fingerprint: a receipt is the same receipt, whichever key sends it.
    ...(caller.scopes.includes('import') && { unbound: true }),
  };
}

/** The other account is part of what a request says, unless it is only being opened. */
function fingerprinted(counterparty: CommandRequest<unknown>['counterparty']): readonly Target[] {
  return !counterparty || counterparty.kind === 'new' ? [] : [counterparty];
}

function nameRequired(): ProblemException {
  const detail =
    'Send the header Idempotency-Key, or an externalId where the body takes one: a till that hears no answer sends again, and without a name this would be done twice.';
  return new ProblemException(httpProblems.problem('NAME_REQUIRED', detail));
}

function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (IDEMPOTENCY_KEY.test(header)) return header;
  const detail = 'Idempotency-Key takes 1 to 255 visible ASCII characters.';
  throw new ProblemException(httpProblems.problem('BAD_REQUEST', detail));
}

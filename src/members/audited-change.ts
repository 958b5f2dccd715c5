import { canonicalJson } from '../kernel/canonical-json.js';
import type { LocalDate } from '../kernel/time.js';
import type { Identity } from '../platform/http/identity.js';
import type { MemberStatus } from './domain/status-at.js';

/** What of a member can change. */
interface Changeable {
  readonly status: MemberStatus;
  readonly externalId: string | null;
  readonly identities: readonly Identity[];
  readonly birthDate: LocalDate | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** So much of an identity stands in the audit log, which keeps everything for ever. */
const SHOWN = 4;

/**
 * What an entry of the audit log says of a changed member: enough to see what became of their identities, and no
 * birth date, attribute or whole phone number, for entries outlive the member.
 */
export function auditedChange(
  before: Changeable,
  after: Changeable,
): { readonly before: object; readonly after: object } {
  const changed = (['status', 'externalId', 'identities', 'birthDate', 'attributes'] as const).filter(
    (field) => canonicalJson(before[field]) !== canonicalJson(after[field]),
  );
  return { before: shown(before), after: { ...shown(after), changed } };
}

function shown({ status, externalId, identities }: Changeable): object {
  const hints = identities.map(({ type, value }) => ({
    type,
    value: value.length > 2 * SHOWN ? `…${value.slice(-SHOWN)}` : '…',
  }));
  return { status, externalId, identities: hints };
}

import { canonicalJson } from '../kernel/canonical-json.js';
import type { Member } from './member.store.js';

/** So much of an identity stands in the audit log, which keeps everything for ever. */
const SHOWN = 4;

/**
 * What an entry of the audit log says of a changed member: enough to see what became of their identities, and no
 * birth date, attribute or whole phone number, for entries outlive the member.
 */
export function auditedChange(
  before: Member,
  after: Member,
): { readonly before: object; readonly after: object } {
  const changed = (['status', 'externalId', 'identities', 'birthDate', 'attributes'] as const).filter(
    (field) => canonicalJson(before[field]) !== canonicalJson(after[field]),
  );
  return { before: shown(before), after: { ...shown(after), changed } };
}

function shown({ status, externalId, identities }: Member): object {
  const hints = identities.map(({ type, value }) => ({
    type,
    value: value.length > 2 * SHOWN ? `…${value.slice(-SHOWN)}` : '…',
  }));
  return { status, externalId, identities: hints };
}

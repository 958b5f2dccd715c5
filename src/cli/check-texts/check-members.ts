import type { MemberId, ProgrammeId } from '../../kernel/ids.js';
import { keyForm, keyTextFault, keyTextReason } from '../../kernel/texts.js';
import type { Instant } from '../../kernel/time.js';
import type { Member, MemberStore } from '../../members/index.js';
import { EXTERNAL_ID_TYPE, identityForm, type Identity } from '../../platform/http/identity.js';
import type { Findings } from './findings.js';

const PAGE = 200;
/** Characters of an external id. */
const MAX_EXTERNAL_ID = 200;

interface Form {
  readonly identity: Identity;
  /** Why it is none any more; null where it is one. */
  readonly fault: string | null;
}

/** Everything about one programme that the check of its members needs. */
export interface MemberCheck {
  readonly store: MemberStore;
  readonly programmeId: ProgrammeId;
  readonly phoneRegion: string | null;
  /** When to say that a member was changed; null: nothing is written. */
  readonly writeAt: Instant | null;
}

/** Looks at the identities of every member, and brings those into form that collide with nothing. */
export async function checkMembers(check: MemberCheck, findings: Findings): Promise<void> {
  const seen = new Map<string, MemberId>();
  let after: MemberId | undefined;
  for (;;) {
    const page = await check.store.page(check.programmeId, PAGE, after);
    for (const member of page) await checkMember(member, check, seen, findings);
    if (page.length < PAGE) return;
    after = page.at(-1)?.memberId;
  }
}

async function checkMember(
  member: Member,
  check: MemberCheck,
  seen: Map<string, MemberId>,
  findings: Findings,
): Promise<void> {
  const forms = identitiesOf(member).map((identity) => ({
    identity,
    form: formOf(identity, check.phoneRegion),
  }));
  let [changed, stuck] = [false, false];
  for (const { identity, form } of forms) {
    if (form.fault !== null) {
      findings.unreadable(member.memberId, identity, form.fault);
      stuck = true;
    } else if (isSame(identity, form.identity)) continue;
    else {
      const holder = await holderOf(form.identity, member.memberId, check, seen);
      if (holder !== null) findings.collision(member.memberId, identity, holder);
      else changed = true;
      stuck ||= holder !== null;
    }
  }
  if (!changed) return;
  const isWritten = !stuck && check.writeAt !== null;
  findings.change(member.memberId, isWritten);
  if (isWritten) await write(member.memberId, forms, check, check.writeAt);
}

function identitiesOf({ externalId, identities }: Member): readonly Identity[] {
  return externalId === null ? identities : [{ type: EXTERNAL_ID_TYPE, value: externalId }, ...identities];
}

function formOf(identity: Identity, phoneRegion: string | null): Form {
  const value = keyForm(identity.value);
  const fault = keyTextFault(value, MAX_EXTERNAL_ID);
  if (fault !== null) return { identity, fault: `It ${keyTextReason(fault, MAX_EXTERNAL_ID)}.` };
  if (identity.type === EXTERNAL_ID_TYPE) return { identity: { type: EXTERNAL_ID_TYPE, value }, fault: null };
  const typeFault = keyTextFault(keyForm(identity.type), MAX_EXTERNAL_ID);
  if (typeFault !== null)
    return { identity, fault: `Its type ${keyTextReason(typeFault, MAX_EXTERNAL_ID)}.` };
  const read = identityForm({ type: identity.type, value }, phoneRegion);
  return read.ok ? { identity: read.identity, fault: null } : { identity, fault: read.fault.detail };
}

/** Another member who has the form already, or will have it; null where no member does. */
async function holderOf(
  form: Identity,
  memberId: MemberId,
  { store, programmeId }: MemberCheck,
  seen: Map<string, MemberId>,
): Promise<MemberId | null> {
  const key = `${form.type}\n${form.value}`;
  const found = (await store.find(programmeId, { kind: 'identity', ...form }))?.memberId ?? seen.get(key);
  if (found !== undefined && found !== memberId) return found;
  seen.set(key, memberId);
  return null;
}

async function write(
  memberId: MemberId,
  forms: readonly { readonly form: Form }[],
  { store, programmeId }: MemberCheck,
  now: Instant,
): Promise<void> {
  const all = forms.map(({ form }) => form.identity);
  const externalId = all.find(({ type }) => type === EXTERNAL_ID_TYPE)?.value;
  const own = all.filter(({ type }) => type !== EXTERNAL_ID_TYPE);
  const identities = [...new Map(own.map((one) => [`${one.type}\n${one.value}`, one])).values()];
  const changes = externalId === undefined ? { identities } : { identities, externalId };
  const done = await store.change(programmeId, memberId, changes, { now, actor: 'command line' });
  if (!done.ok) throw new Error(done.refusal.detail);
}

function isSame(a: Identity, b: Identity): boolean {
  return a.type === b.type && a.value === b.value;
}

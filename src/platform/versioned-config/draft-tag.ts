import { canonicalJson } from '../../kernel/canonical-json.js';
import type { Problem } from '../../kernel/problem.js';
import { sha256Hex } from '../../kernel/sha256.js';
import type { ConfigVersionEntity } from './config-version.entity.js';
import { configProblems } from './problems.js';

/** How many hex digits of its digest a tag has: 128 bits. */
const TAG_DIGITS = 32;

/** What a request says about the draft that it was made for: the headers of RFC 9110, sections 13.1.1 and 13.1.2. */
export interface DraftCondition {
  /** `If-Match`: tags, one of which the draft has, or `*`: there is one. */
  readonly ifMatch?: string | undefined;
  /** `If-None-Match`: `*`: there is none. Tags mean nothing here. */
  readonly ifNoneMatch?: string | undefined;
}

type Draft = Pick<ConfigVersionEntity, 'version' | 'body' | 'createdAt' | 'createdBy'>;

/** The entity tag of a draft, in quotes: another one after every save. */
export function draftTag({ version, body, createdAt, createdBy }: Draft): string {
  const said: unknown = JSON.parse(JSON.stringify(body));
  const digest = sha256Hex(canonicalJson([version, createdAt.getTime(), createdBy, said]));
  return `"${digest.slice(0, TAG_DIGITS)}"`;
}

/** What stands against a request about a draft as it is now; null for nothing. Without a condition nothing does. */
export function draftRefusal(
  { ifMatch, ifNoneMatch }: DraftCondition,
  draft: Draft | undefined,
): Problem | null {
  if (draft && ifNoneMatch?.trim() === '*') return changed('There is a draft already.', draft);
  if (ifMatch === undefined || ifMatch.trim() === '') return null;
  if (!draft) return changed('There is no draft any more: it was published or discarded.', undefined);
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes('*') || tags.includes(draftTag(draft))) return null;
  return changed(`The draft is another one since ${draft.createdAt.toISOString()}: read it again.`, draft);
}

function changed(detail: string, draft: Draft | undefined): Problem {
  const meta = draft && { etag: draftTag(draft), createdBy: draft.createdBy };
  return configProblems.problem('DRAFT_CHANGED', detail, meta && { meta });
}

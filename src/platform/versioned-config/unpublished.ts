import { canonicalJson } from '../../kernel/canonical-json.js';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import type { FieldError, Problem } from '../../kernel/problem.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import type { Caller } from '../http/caller.js';
import { ProblemException } from '../http/problem.exception.js';
import { validated } from '../http/validation.js';
import type { OfferedKind } from './config-kinds.js';
import type { AnyConfigKind, ConfigSnapshot } from './config-snapshot.js';
import type { ConfigVersionEntity } from './config-version.entity.js';
import type { Reader } from './config.store.js';

/** A definition with what was added to its kind later, so that two of different times can be compared. */
export function wholeDefinition(kind: AnyConfigKind, body: unknown): object {
  return kind.complete?.(body as never) ?? (body as object);
}

/** Whether two definitions of a kind say the same. */
export function isSameDefinition(kind: AnyConfigKind, one: object, other: object): boolean {
  return canonicalJson(wholeDefinition(kind, one)) === canonicalJson(wholeDefinition(kind, other));
}

/** A definition as a draft would be saved, with all its defaults; or what is wrong with it, by pointers into it. */
export async function definitionOf(
  kind: OfferedKind,
  value: unknown,
  caller: Caller,
): Promise<{ readonly definition: object } | { readonly faults: readonly FieldError[] }> {
  try {
    const definition = await kind.hooks.definitionOf(validated(kind.routes.dto, value), caller);
    // As it would be read again: without what JSON does not write.
    return { definition: JSON.parse(JSON.stringify(definition)) as object };
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    const { errors, code, detail } = error.problem;
    return { faults: errors ?? [{ pointer: '', code, detail }] };
  }
}

/** What is asked about a definition that is not published. */
export interface Unpublished {
  readonly kind: OfferedKind;
  readonly key: string;
  readonly definition: object;
  /** All versions of its key, oldest first. */
  readonly versions: readonly ConfigVersionEntity[];
  readonly config: ConfigSnapshot;
  readonly effectiveAt: Instant;
  readonly now: Instant;
  readonly reader: Reader;
}

/**
 * What a publication of it would be refused for. The programme is not held meanwhile: the publication asks again.
 * @param publish what a request for the publication says beside the instant.
 */
export async function refusalOf(
  caller: Caller,
  { kind, key, definition, versions, config, effectiveAt, now, reader }: Unpublished,
  publish: object = {},
): Promise<Problem | null> {
  const last = versions.at(-1);
  const known =
    last?.status === 'draft' && isSameDefinition(kind.routes.kind, last.body, definition) ? last : null;
  const draft = draftOf(kind.routes.kind, caller, {
    ...{ key, definition, version: last?.status === 'draft' ? last.version : (last?.version ?? 0) + 1 },
    createdAt: known?.createdAt ?? new Date(now),
    createdBy: known?.createdBy ?? caller.keyId,
  });
  const asked = { ...publish, effectiveAt: formatInstant(effectiveAt) };
  const check = await kind.hooks.publishCheck?.(caller, asked);
  if (!check) return null;
  const published = versions.filter(({ status }) => status === 'published');
  return check.refusal({ draft, published, effectiveAt, config, reader });
}

interface DraftParts extends Pick<ConfigVersionEntity, 'key' | 'version' | 'createdAt'> {
  readonly definition: object;
  readonly createdBy: string;
}

function draftOf(
  kind: AnyConfigKind,
  { programmeId }: { readonly programmeId: ProgrammeId },
  { key, version, definition, createdAt, createdBy }: DraftParts,
): ConfigVersionEntity {
  return {
    ...{
      programmeId: idToUuid(programmeId),
      kind: kind.name,
      key,
      version,
      status: 'draft',
      createdAt,
      createdBy,
    },
    ...{
      effectiveAt: null,
      body: definition as Record<string, unknown>,
      publishedAt: null,
      publishedBy: null,
    },
  };
}

import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { OfferedKind } from '../platform/versioned-config/config-kinds.js';
import { tidy } from './domain/tidy.js';
import { FILE_FORMAT, SECTIONS } from './sections.js';

/** A programme's configuration as one document: no generated id, no secret, nothing of a member. */
export interface ProgrammeFile {
  readonly format: typeof FILE_FORMAT;
  readonly currency: string;
  readonly timeZone: string;
  readonly [section: string]: unknown;
}

/** What is in force at an instant, as a file. The same configuration always gives the same file. */
export function programmeFile(
  config: ConfigSnapshot,
  kinds: ReadonlyMap<string, OfferedKind>,
  at: Instant,
): ProgrammeFile {
  const sections = SECTIONS.flatMap(({ name, kind: kindName, single }) => {
    const kind = kinds.get(kindName)?.routes.kind;
    const published = kind ? config.inForce(kind, at) : [];
    if (!kind || published.length === 0) return [];
    const definitions = published.map(({ key, body }) => [key, tidy(kind.complete?.(body) ?? body)] as const);
    return [[name, single ? definitions[0]?.[1] : Object.fromEntries(definitions)] as const];
  });
  const { currency, timeZone } = config;
  return { format: FILE_FORMAT, currency, timeZone, ...Object.fromEntries(sections) };
}

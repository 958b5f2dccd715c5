import type { ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** Names a kind of versioned configuration and, for the compiler, the shape of its published body. */
export interface ConfigKind<T> {
  readonly name: string;
  /** Never set; carries the type. */
  readonly body?: T;
}

/** A published version. It never changes. */
export interface Published<T> {
  readonly key: string;
  readonly version: number;
  readonly effectiveAt: Instant;
  readonly body: T;
}

/**
 * All published configuration of one programme at one revision: a value, so that a decision is a function of
 * it. "In force at t" is, for each key, the version with the latest `effectiveAt` not after t (of equal ones
 * the higher version): a late receipt is judged by what was in force when it occurred.
 */
export class ConfigSnapshot {
  private readonly byKind: ReadonlyMap<string, ReadonlyMap<string, readonly Published<unknown>[]>>;

  constructor(
    readonly programmeId: ProgrammeId,
    readonly currency: string,
    readonly timeZone: string,
    readonly revision: number,
    versions: readonly (Published<unknown> & { readonly kind: string })[],
  ) {
    const byKind = new Map<string, Map<string, Published<unknown>[]>>();
    const ordered = [...versions].sort((a, b) => b.effectiveAt - a.effectiveAt || b.version - a.version);
    for (const version of ordered) {
      const keys = byKind.get(version.kind) ?? new Map<string, Published<unknown>[]>();
      byKind.set(version.kind, keys);
      keys.set(version.key, [...(keys.get(version.key) ?? []), version]);
    }
    this.byKind = byKind;
  }

  /** The version of each key in force at an instant, ordered by key. */
  inForce<T>(kind: ConfigKind<T>, at: Instant): readonly Published<T>[] {
    const keys = this.byKind.get(kind.name);
    if (!keys) return [];
    const found: Published<T>[] = [];
    for (const versions of keys.values()) {
      const version = versions.find((candidate) => candidate.effectiveAt <= at);
      if (version) found.push(version as Published<T>);
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The version of one key in force at an instant. */
  find<T>(kind: ConfigKind<T>, key: string, at: Instant): Published<T> | undefined {
    const versions = this.byKind.get(kind.name)?.get(key);
    return versions?.find((candidate) => candidate.effectiveAt <= at) as Published<T> | undefined;
  }

  /** One published version, in force or not. */
  version<T>(kind: ConfigKind<T>, key: string, version: number): Published<T> | undefined {
    const versions = this.byKind.get(kind.name)?.get(key);
    return versions?.find((candidate) => candidate.version === version) as Published<T> | undefined;
  }
}

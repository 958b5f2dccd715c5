import type { ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';
import type { Pause } from './config-acts.js';

/** Names a kind of versioned configuration and, for the compiler, the shape of its published body. */
export interface ConfigKind<T> {
  readonly name: string;
  /** Never set; carries the type. */
  readonly body?: T;
  /** A published body with what its kind did not have when it was published; absent where nothing was added. */
  complete?(body: T): object;
}

/** A kind, whatever the shape of its bodies. */
export type AnyConfigKind = Pick<ConfigKind<never>, 'name' | 'complete'>;

/** A published version. It never changes. */
export interface Published<T> {
  readonly key: string;
  readonly version: number;
  readonly effectiveAt: Instant;
  /** When it was published; of a snapshot that does not say so it is known from the beginning. */
  readonly publishedAt?: Instant;
  readonly body: T;
  /** Of a version in force at an instant at which its key is paused; else absent. */
  readonly paused?: true;
}

/** A published version as a snapshot is made of it. */
export interface SnapshotVersion extends Published<unknown> {
  readonly kind: string;
  /** It was taken back before it took effect, so it never holds. */
  readonly withdrawn?: boolean;
}

/** A definition that is not published. */
export interface AssumedDefinition {
  readonly kind: string;
  readonly key: string;
  readonly body: unknown;
}

/** From an instant until the next one at which a version of a kind takes effect. */
interface Period {
  readonly from: Instant;
  found: readonly Published<unknown>[] | null;
}

const NOTHING: readonly never[] = [];

/**
 * All published configuration of one programme at one revision: a value, so that a decision is a function of
 * it. "In force at t" is, for each key, the version with the latest `effectiveAt` not after t (of equal ones
 * the higher version): a late receipt is evaluated with what was in force when it occurred.
 */
export class ConfigSnapshot {
  private readonly byKind: ReadonlyMap<string, ReadonlyMap<string, readonly Published<unknown>[]>>;
  /** By kind, latest first; computed on first use. */
  private readonly periods = new Map<string, Period[]>();
  private readonly withdrawn: readonly SnapshotVersion[];

  constructor(
    readonly programmeId: ProgrammeId,
    readonly currency: string,
    readonly timeZone: string,
    readonly revision: number,
    versions: readonly SnapshotVersion[],
    /** Of keys whose versions do nothing for a while. */
    private readonly pauses: readonly Pick<Pause, 'kind' | 'key' | 'from' | 'until'>[] = [],
  ) {
    this.withdrawn = versions.filter((version) => version.withdrawn === true);
    const byKind = new Map<string, Map<string, Published<unknown>[]>>();
    const ordered = versions
      .filter((version) => version.withdrawn !== true)
      .sort((a, b) => b.effectiveAt - a.effectiveAt || b.version - a.version);
    for (const version of ordered) {
      const keys = byKind.get(version.kind) ?? new Map<string, Published<unknown>[]>();
      byKind.set(version.kind, keys);
      keys.set(version.key, [...(keys.get(version.key) ?? []), version]);
    }
    this.byKind = byKind;
  }

  /**
   * The version of each key in force at an instant, ordered by key. Between two instants at which a version takes
   * effect it is the same list, so that what is worked out from it can be kept with it.
   */
  inForce<T>(kind: ConfigKind<T>, at: Instant): readonly Published<T>[] {
    const periods = this.periodsOf(kind.name);
    const period = periods.find(({ from }) => from <= at);
    if (!period) return NOTHING;
    period.found ??= this.foundAt(kind.name, period.from);
    return period.found as readonly Published<T>[];
  }

  private periodsOf(kind: string): Period[] {
    const known = this.periods.get(kind);
    if (known) return known;
    const versions = [...(this.byKind.get(kind)?.values() ?? [])].flat();
    const turns = this.pauses
      .filter((pause) => pause.kind === kind)
      .flatMap(({ from, until }) => [from, until]);
    const instants = [...versions.map(({ effectiveAt }) => effectiveAt), ...turns];
    const starts = [...new Set(instants.filter((instant) => instant !== null))].sort((a, b) => b - a);
    const made = starts.map((from): Period => ({ from, found: null }));
    this.periods.set(kind, made);
    return made;
  }

  private foundAt(kind: string, at: Instant): readonly Published<unknown>[] {
    const found: Published<unknown>[] = [];
    for (const versions of this.byKind.get(kind)?.values() ?? []) {
      const version = versions.find((candidate) => candidate.effectiveAt <= at);
      if (version) found.push(this.isPaused(kind, version.key, at) ? { ...version, paused: true } : version);
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Whether the versions of a key do nothing at an instant; a pause holds from its instant until it is ended. */
  isPaused(kind: string, key: string, at: Instant): boolean {
    return this.pauses.some(
      (pause) =>
        pause.kind === kind &&
        pause.key === key &&
        pause.from <= at &&
        (pause.until === null || at < pause.until),
    );
  }

  /** The version of one key in force at an instant. */
  find<T>(kind: ConfigKind<T>, key: string, at: Instant): Published<T> | undefined {
    const versions = this.byKind.get(kind.name)?.get(key);
    return versions?.find((candidate) => candidate.effectiveAt <= at) as Published<T> | undefined;
  }

  /** When the first version of a key begins that begins after an instant; null where none does. */
  beginsAfter(kind: ConfigKind<unknown>, key: string, at: Instant): Instant | null {
    const later = this.versions(kind, key).filter(({ effectiveAt }) => effectiveAt > at);
    return later.length === 0 ? null : Math.min(...later.map(({ effectiveAt }) => effectiveAt));
  }

  /** Every published version of one key that was not withdrawn. */
  versions<T>(kind: ConfigKind<T>, key: string): readonly Published<T>[] {
    return (this.byKind.get(kind.name)?.get(key) ?? NOTHING) as readonly Published<T>[];
  }

  /** One published version, in force or not, also one that was withdrawn. */
  version<T>(kind: ConfigKind<T>, key: string, version: number): Published<T> | undefined {
    const versions = this.byKind.get(kind.name)?.get(key);
    const live = versions?.find((candidate) => candidate.version === version);
    return (live ??
      this.withdrawn.find(
        (gone) => gone.kind === kind.name && gone.key === key && gone.version === version,
      )) as Published<T> | undefined;
  }

  /** The instants after one and before another at which something else comes into force, earliest first. */
  turnsBetween(from: Instant, until: Instant): readonly Instant[] {
    const kinds = [...this.byKind.keys()];
    const turns = kinds.flatMap((kind) => this.periodsOf(kind).map((period) => period.from));
    return [...new Set(turns)].filter((at) => at > from && at < until).sort((a, b) => a - b);
  }

  /**
   * The same configuration as if these definitions had taken effect at an instant, in place of all that takes effect
   * for their keys from then on. Each gets the number behind the last version of its key.
   */
  assuming(definitions: readonly AssumedDefinition[], from: Instant): ConfigSnapshot {
    const isAssumed = (kind: string, key: string) =>
      definitions.some((definition) => definition.kind === kind && definition.key === key);
    const published = [...this.allVersions(), ...this.withdrawn];
    const replaced = published.map((version) =>
      version.effectiveAt >= from && isAssumed(version.kind, version.key)
        ? { ...version, withdrawn: true }
        : version,
    );
    const assumed = definitions.map(({ kind, key, body }): SnapshotVersion => {
      const numbers = published
        .filter((each) => each.kind === kind && each.key === key)
        .map(({ version }) => version);
      return { kind, key, body, version: Math.max(0, ...numbers) + 1, effectiveAt: from, publishedAt: 0 };
    });
    const { programmeId, currency, timeZone, revision } = this;
    const pauses = this.pauses.filter(({ kind, key }) => !isAssumed(kind, key));
    const versions = [...replaced, ...assumed];
    return new ConfigSnapshot(programmeId, currency, timeZone, revision, versions, pauses);
  }

  private allVersions(): readonly SnapshotVersion[] {
    return [...this.byKind].flatMap(([kind, keys]) =>
      [...keys.values()].flat().map((version) => ({ ...version, kind })),
    );
  }

  /** The same configuration with one version more. */
  withPublished(kind: string, version: Published<unknown>): ConfigSnapshot {
    const versions = this.allVersions();
    const { programmeId, currency, timeZone, revision } = this;
    return new ConfigSnapshot(programmeId, currency, timeZone, revision, [...versions, { ...version, kind }]);
  }
}

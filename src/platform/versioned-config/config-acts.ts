import type { Instant } from '../../kernel/time.js';

export const CONFIG_ACTS = ['withdrawn', 'paused', 'resumed'] as const;

/** What was done to published configuration, which itself never changes. */
export interface ConfigActRecord {
  readonly kind: string;
  readonly key: string;
  /** The version that was withdrawn; null for what concerns all versions of a key. */
  readonly version: number | null;
  readonly act: (typeof CONFIG_ACTS)[number];
  readonly at: Instant;
  readonly by: string;
  readonly note: string | null;
}

/** From when until when a key's versions do nothing; `until` is exclusive, null while they still do. */
export interface Pause {
  readonly kind: string;
  readonly key: string;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly by: string;
  readonly resumedBy: string | null;
  readonly note: string | null;
}

/** The pauses that acts come to. @param acts in the order in which they were done. */
export function pausesOf(acts: readonly ConfigActRecord[]): readonly Pause[] {
  const pauses: Pause[] = [];
  for (const { kind, key, act, at, by, note } of acts) {
    if (act === 'paused') pauses.push({ kind, key, from: at, until: null, by, resumedBy: null, note });
    if (act !== 'resumed') continue;
    const open = pauses.findIndex(
      (pause) => pause.kind === kind && pause.key === key && pause.until === null,
    );
    const pause = pauses[open];
    if (pause) pauses[open] = { ...pause, until: at, resumedBy: by };
  }
  return pauses;
}

/** The act by which a version was withdrawn; undefined where it stands. */
export function withdrawalOf(
  acts: readonly ConfigActRecord[],
  { kind, key, version }: { readonly kind: string; readonly key: string; readonly version: number },
): ConfigActRecord | undefined {
  return acts.find(
    (act) => act.act === 'withdrawn' && act.kind === kind && act.key === key && act.version === version,
  );
}

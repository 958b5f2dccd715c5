import type { ProgrammeId } from '../../kernel/ids.js';
import type { ConfigSnapshot } from './config-snapshot.js';

/** Reads a programme's whole published configuration; null for an unknown programme. */
export interface ConfigSource {
  snapshot(programmeId: ProgrammeId): Promise<ConfigSnapshot | null>;
}

/**
 * Snapshots by programme. A caller that has the programme's current revision (the pipeline reads it with every batch)
 * gets a snapshot that is at least as new, so every process sees a publication at once.
 */
export class ConfigCache {
  private readonly snapshots = new Map<ProgrammeId, ConfigSnapshot>();

  constructor(private readonly source: ConfigSource) {}

  /** @throws Error when the programme does not exist. */
  async atLeast(programmeId: ProgrammeId, revision: number): Promise<ConfigSnapshot> {
    const known = this.snapshots.get(programmeId);
    if (known && known.revision >= revision) return known;
    return this.current(programmeId);
  }

  /** The newest snapshot this process has read; undefined before the first. */
  known(programmeId: ProgrammeId): ConfigSnapshot | undefined {
    return this.snapshots.get(programmeId);
  }

  /** Reads the snapshot anew. @throws Error when the programme does not exist. */
  async current(programmeId: ProgrammeId): Promise<ConfigSnapshot> {
    const fresh = await this.source.snapshot(programmeId);
    if (!fresh) throw new Error(`unknown programme ${programmeId}`);
    this.snapshots.set(programmeId, fresh);
    return fresh;
  }
}

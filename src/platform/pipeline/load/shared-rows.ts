import { idToUuid, uuidToId, type ProgrammeId } from '../../../kernel/ids.js';
import type { Batch } from '../batch/batch-state.js';
import type { LoadRequest } from '../batch/load-request.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import type { SharedSlice } from '../contract/slice.js';
import type { SqlClient } from '../sql/sql-client.js';

/** Keys of a shared slice, by programme. */
type WantedKeys = ReadonlyMap<string, readonly [ProgrammeId, string]>;

/**
 * Loads the shared states that commands name.
 * @param place tells the shard from others.
 * @returns states by programme, slice and key.
 */
export async function loadShared(
  client: SqlClient,
  slices: readonly SharedSlice<unknown>[],
  handlers: EngineDefinition['handlers'],
  requests: readonly LoadRequest[],
  place: number,
): Promise<Batch['shared']> {
  const shared: Batch['shared'] = new Map();
  for (const slice of slices) {
    const wanted = new Map<string, readonly [ProgrammeId, string]>();
    for (const { command } of requests) {
      const { type, body, programmeId } = command;
      for (const { slice: name, key } of handlers.get(type)?.sharedKeys?.(body) ?? []) {
        if (name === slice.name) wanted.set(`${programmeId} ${key}`, [programmeId, key]);
      }
    }
    await loadKeys(client, slice, wanted, shared, place);
  }
  return shared;
}

/**
 * Adds the shared states that the configuration asks for to a batch, for commands on loaded and on cached accounts.
 * Only this moment's rows will do: what is cached of an account says nothing about them.
 */
export async function addConfigured(
  client: SqlClient,
  slices: readonly SharedSlice<unknown>[],
  handlers: EngineDefinition['handlers'],
  { commands, configs, shared }: Batch,
  { now, place }: { readonly now: number; readonly place: number },
): Promise<void> {
  for (const slice of slices) {
    if (!slice.keysOf) continue;
    let wanted: Map<string, readonly [ProgrammeId, string]> | null = null;
    for (const { command, demands } of commands) {
      const { programmeId, type, body } = command;
      const lacks = demands !== null && [...demands.values()].some((demand) => demand.shared);
      const config = configs.get(programmeId);
      if (!config || (!lacks && !handlers.get(type)?.awards)) continue;
      const at = lacks ? null : ((body as { occurredAt?: number | null }).occurredAt ?? now);
      for (const key of slice.keysOf(config, at))
        (wanted ??= new Map()).set(`${programmeId} ${key}`, [programmeId, key]);
    }
    if (wanted !== null) await loadKeys(client, slice, wanted, shared, place);
  }
}

async function loadKeys(
  client: SqlClient,
  slice: SharedSlice<unknown>,
  wanted: WantedKeys,
  shared: Batch['shared'],
  place: number,
): Promise<void> {
  if (wanted.size === 0) return;
  const pairs = [...wanted.values()];
  const values = [pairs.map(([programmeId]) => idToUuid(programmeId)), pairs.map(([, key]) => key)];
  const { rows } = await client.query({ name: `pipeline-shared-${slice.name}`, text: slice.sql, values });
  for (const row of rows) {
    const programmeId = uuidToId('prg', row['programme_id'] as string);
    const slices = shared.get(programmeId) ?? new Map<string, Map<string, unknown>>();
    const states = slices.get(slice.name) ?? new Map<string, unknown>();
    states.set(row['key'] as string, slice.read(row, place));
    shared.set(programmeId, slices.set(slice.name, states));
  }
}

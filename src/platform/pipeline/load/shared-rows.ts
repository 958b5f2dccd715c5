import { idToUuid, uuidToId, type ProgrammeId } from '../../../kernel/ids.js';
import type { Batch } from '../batch/batch-state.js';
import type { LoadRequest } from '../batch/load-request.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import type { SharedSlice } from '../contract/slice.js';
import type { SqlClient } from '../sql/sql-client.js';

/**
 * Loads the shared states that commands name.
 * @returns states by programme, slice and key.
 */
export async function loadShared(
  client: SqlClient,
  slices: readonly SharedSlice<unknown>[],
  handlers: EngineDefinition['handlers'],
  requests: readonly LoadRequest[],
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
    if (wanted.size === 0) continue;
    const pairs = [...wanted.values()];
    const values = [pairs.map(([programmeId]) => idToUuid(programmeId)), pairs.map(([, key]) => key)];
    const { rows } = await client.query({ name: `pipeline-shared-${slice.name}`, text: slice.sql, values });
    for (const row of rows) {
      const programmeId = uuidToId('prg', row['programme_id'] as string);
      const slices = shared.get(programmeId) ?? new Map<string, Map<string, unknown>>();
      const states = slices.get(slice.name) ?? new Map<string, unknown>();
      states.set(row['key'] as string, slice.read(row));
      shared.set(programmeId, slices.set(slice.name, states));
    }
  }
  return shared;
}

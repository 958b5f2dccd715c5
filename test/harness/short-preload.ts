import { definition } from '../../src/composition.js';
import type { PreloadSize } from '../../src/platform/pipeline/contract/slice.js';
import { registered, type EngineDefinition } from '../../src/platform/pipeline/index.js';

/**
 * The engine's rules, with so few lots loaded for a command that spends that decisions meet the end of them all the
 * time and are made again on more: what they come to must be the same.
 */
export function definitionWithPreload(limits: Readonly<Record<PreloadSize, number>>): EngineDefinition {
  const slices = definition.slices.map((slice) => {
    const front = slice.scope === 'account' ? slice.lazyRows?.preload : undefined;
    if (slice.scope !== 'account' || !slice.lazyRows || !front) return slice;
    const { lazyRows } = slice;
    return registered({ ...slice, lazyRows: { ...lazyRows, preload: { ...front, limits } } });
  });
  return { ...definition, slices };
}

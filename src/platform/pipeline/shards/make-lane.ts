import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { IdSource } from '../../../kernel/ids.js';
import type { Clock } from '../../../kernel/time.js';
import type { ConfigCache } from '../../versioned-config/config-cache.js';
import type { Rules } from '../contract/engine-definition.js';
import type { TargetResolver } from '../contract/target-resolver.js';
import { Loader } from '../load/loader.js';
import { CachedLoader } from '../load/cached-loader.js';
import { LaneConnection } from '../sql/connection.js';
import { Writer } from '../write/writer.js';
import { Lane } from './lane.js';
import type { LaneObserver } from './observer.js';

export interface LaneSurroundings {
  readonly dataSource: DataSource;
  readonly configs: ConfigCache;
  readonly rules: Rules;
  readonly targetResolvers: readonly TargetResolver[];
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly observer: LaneObserver;
  /** Accounts that the lane keeps in memory after it wrote them; 0 keeps none. */
  readonly workingSet: number;
}

/** A lane with everything of its own: connection, loader, working set and writer. */
export function makeLane(surroundings: LaneSurroundings): Lane {
  const { dataSource, configs, rules, targetResolvers, clock, ids, observer, workingSet } = surroundings;
  return new Lane({
    connection: new LaneConnection(dataSource),
    loader: new CachedLoader(new Loader(rules, targetResolvers, configs), rules, configs, workingSet),
    writer: new Writer(rules.slices),
    rules,
    clock,
    ids,
    observer,
    random: Math.random,
    sleep: setTimeout,
  });
}

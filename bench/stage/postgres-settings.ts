import type { ServerSettings } from '../../src/platform/database/embedded/settings.js';

/**
 * What an operator would set on a machine with two cores and 24 GiB that also runs the engine; the same server
 * serves every contestant. Durability is PostgreSQL's own default and not touched.
 */
export const BENCH_SETTINGS: ServerSettings = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // A sixth of the memory; the rest is the system's cache.
  shared_buffers: '4GB',
  effective_cache_size: '16GB',
  work_mem: '16MB',
  maintenance_work_mem: '512MB',
  // Checkpoints by time, not by volume: each makes the next write of every page a full one.
  max_wal_size: '16GB',
  min_wal_size: '2GB',
  checkpoint_timeout: '20min',
  checkpoint_completion_target: '0.9',
  wal_buffers: '64MB',
  // It costs more CPU than the disk is worth here.
  wal_compression: 'off',
  autovacuum: 'on',
  autovacuum_max_workers: 2,
  // Solid-state disk.
  random_page_cost: '1.1',
  effective_io_concurrency: 64,
  jit: 'off',
  max_connections: 200,
};

/** PostgreSQL settings by name, as on the command line: `{ max_connections: 200 }`. */
export type ServerSettings = Readonly<Record<string, string | number>>;

/**
 * The settings a small server on a shared machine should have: durable before anything else, and modest.
 * The caller's settings win over these; `FIXED` wins over the caller's.
 */
const DEFAULTS: ServerSettings = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  max_connections: 100,
  shared_buffers: '256MB',
  effective_cache_size: '2GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // Details and statements of errors hold values, and values are personal data; the engine logs what failed.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** What makes the server ours: loopback only, UTC, messages in English, everything to our log. */
const FIXED: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_destination: 'stderr',
};

/** The `-c name=value` arguments for a server on this port. */
export function settingArguments(settings: ServerSettings, port: number): string[] {
  const all = { ...DEFAULTS, ...settings, ...FIXED, port };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Does a server with these settings promise to keep what it acknowledged? */
export function isDurable(settings: ServerSettings): boolean {
  return settings['fsync'] !== 'off';
}

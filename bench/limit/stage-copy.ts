import { query } from '../stage/server.js';
import type { Stage } from '../stage/stage.js';

/**
 * A stage in a database of its own on the same server. What is not the engine writes there: its rows are right row
 * by row and belong to no chain, and `verify` must find nothing in the engine's own.
 *
 * @throws Error while the stage's database has a connection, such as an engine's
 */
export async function copyOfStage(stage: Stage, suffix: string): Promise<Stage> {
  const url = new URL(stage.databaseUrl);
  const original = url.pathname.slice(1);
  const name = `${original}_${suffix}`;
  await query(serverOf(stage), `DROP DATABASE IF EXISTS "${name}"`);
  // By files: as WAL, the copy of a large database would take a long time and bring a checkpoint near.
  await query(serverOf(stage), `CREATE DATABASE "${name}" TEMPLATE "${original}" STRATEGY file_copy`);
  url.pathname = `/${name}`;
  return { ...stage, databaseUrl: url.href };
}

/** Removes a copy, and ends its connections. */
export async function dropCopy(copy: Stage): Promise<void> {
  const name = new URL(copy.databaseUrl).pathname.slice(1);
  await query(serverOf(copy), `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

function serverOf({ databaseUrl }: Stage): string {
  const url = new URL(databaseUrl);
  url.pathname = '/postgres';
  return url.href;
}

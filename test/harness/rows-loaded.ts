import pg from 'pg';

/** Statements by which a shard loads what is not on an account's row. */
const DETAILS = /^pipeline-(lazy|preload)-/;

/**
 * Counts the rows that shards load on demand, as the driver hands them over: what a command costs by its account's
 * history, without a clock. For engines in the test's own process.
 */
export function countRowsLoaded(): { readonly rows: () => number; readonly stop: () => void } {
  let rows = 0;
  const prototype = pg.Client.prototype as { query: (this: pg.Client, ...asked: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (...asked) {
    const answered = query.apply(this, asked);
    const name = (asked[0] as { readonly name?: string } | undefined)?.name;
    if (name === undefined || !DETAILS.test(name)) return answered;
    return (answered as Promise<pg.QueryResult>).then((result) => {
      rows += result.rows.length;
      return result;
    });
  };
  return {
    rows: () => rows,
    stop: () => {
      prototype.query = query;
    },
  };
}

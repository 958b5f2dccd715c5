/** The cheapest proof that the database answers, and whether it takes writes: a standby takes none. */
export const PING = `SELECT current_setting('transaction_read_only') = 'off' AS writable`;

/** The cheapest proof that the database answers. */
export const PING = 'SELECT 1';

/**
 * Statements that give events a position which SQL wrote beside the engine, as if they had been published, and have
 * every listener be past them. The engine stands still meanwhile, or is not there yet.
 */
export const PUBLISH_EVENTS = [
  'DELETE FROM unpublished_events',
  `WITH late AS (
     SELECT a.account_id, p.sequence, a.event_seq - p.sequence AS events,
       sum(a.event_seq - p.sequence) OVER (ORDER BY a.account_id) AS place
     FROM accounts a CROSS JOIN LATERAL (
       SELECT coalesce(max(x.first_sequence + x.events - 1), 0) AS sequence FROM event_positions x
       WHERE x.account_id = a.account_id) p
     WHERE a.event_seq > p.sequence),
   added AS (
     INSERT INTO event_positions (account_id, first_sequence, events, position)
     SELECT l.account_id, l.sequence + 1, l.events, g.position + l.place FROM late l CROSS JOIN event_log g
     RETURNING events)
   UPDATE event_log g SET position = g.position + coalesce((SELECT sum(a.events) FROM added a), 0)`,
  `INSERT INTO event_cursors (consumer, position, updated_at) SELECT 'metrics', g.position, now() FROM event_log g
   ON CONFLICT (consumer) DO UPDATE SET position = excluded.position`,
];

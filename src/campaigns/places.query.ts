/** The places left of campaigns, in slices; a key is the campaign and the day, which is empty for all days. */
export const PLACES_BY_KEY = `SELECT u.programme_id, u.key,
    (SELECT json_agg(p.places ORDER BY p.slice) FROM campaign_places p
      WHERE p.programme_id = u.programme_id AND p.campaign_id = split_part(u.key, E'\\n', 1)
        AND p.day = split_part(u.key, E'\\n', 2)) AS places
  FROM unnest($1::uuid[], $2::text[]) AS u(programme_id, key)`;

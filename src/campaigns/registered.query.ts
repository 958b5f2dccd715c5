/** What the load selects for a member's registrations. */
export const REGISTERED_SELECT = 'c.campaigns AS campaigns, rg.registrations AS registrations';

/** Registrations of a member that decisions know of, the latest of all campaigns asked for. */
export const MAX_REGISTRATIONS_KNOWN = 1_000;

/**
 * The registrations of a member `m`, and of the members that were merged into it, for the campaigns in `c.campaigns`;
 * for all campaigns where that is empty. Reads nothing where it is null.
 */
export const REGISTERED_JOIN = `LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(d.registration_id, d.campaign_id, d.campaign_version,
        (extract(epoch FROM d.registered_at) * 1000)::bigint, d.business_date,
        (extract(epoch FROM d.cancelled_at) * 1000)::bigint, d.points_granted)) AS registrations
    FROM (SELECT r.registration_id, r.campaign_id, r.campaign_version, r.registered_at, r.business_date,
        r.points_granted, x.cancelled_at
      FROM campaign_registrations r
      LEFT JOIN campaign_cancellations x ON x.registration_id = r.registration_id
      WHERE r.member_id IN (
          SELECT m.member_id UNION ALL SELECT dm.member_id FROM members dm WHERE dm.merged_into = m.member_id)
        AND (c.campaigns = '' OR r.campaign_id = ANY(string_to_array(c.campaigns, E'\\n')))
      ORDER BY r.registered_at DESC LIMIT ${MAX_REGISTRATIONS_KNOWN}) d) rg ON c.campaigns IS NOT NULL`;

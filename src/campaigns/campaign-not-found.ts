import type { Problem } from '../kernel/problem.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { currentCampaign } from './campaign.kind.js';
import { campaignProblems } from './problems.js';

/** The refusal of a request that names a campaign which is not published. */
export function campaignNotFound(id: string): Problem {
  return campaignProblems.problem('CAMPAIGN_NOT_FOUND', `There is no published campaign ${id}.`);
}

/** The refusal of a rule that names a campaign which is not published; null for one that is. */
export function unknownCampaign(config: ConfigSnapshot, campaignId: string, pointer: string): Problem | null {
  if (currentCampaign(config, campaignId)) return null;
  const detail = `There is no published campaign ${campaignId}. Publish the campaign first.`;
  const errors = [{ pointer, code: 'CAMPAIGN_UNKNOWN', detail }];
  return campaignProblems.problem('CAMPAIGN_UNKNOWN', detail, { errors, meta: { campaignId } });
}

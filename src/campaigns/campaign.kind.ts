import type { ConfigKind, ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { Campaign } from './domain/campaign.js';

export const campaignKind: ConfigKind<Campaign> = { name: 'campaign' };

/** The version of a campaign that counts: the last published, for a change holds for all that registered. */
export function currentCampaign(config: ConfigSnapshot, id: string): Published<Campaign> | undefined {
  return config
    .versions(campaignKind, id)
    .reduce<Published<Campaign> | undefined>(
      (last, version) => (last && last.version > version.version ? last : version),
      undefined,
    );
}

/** Whether the programme has any campaign. */
export function hasCampaigns(config: ConfigSnapshot): boolean {
  return config.inForce(campaignKind, Infinity).length > 0;
}

import type { ConfigKind } from '../platform/versioned-config/config-snapshot.js';
import type { Reward } from './domain/reward.js';

export const rewardKind: ConfigKind<Reward> = { name: 'reward' };

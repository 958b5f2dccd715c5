import type { ConfigKind } from '../platform/versioned-config/config-snapshot.js';
import type { AdjustmentReason } from './domain/adjustment-reason.js';

export const adjustmentReasonKind: ConfigKind<AdjustmentReason> = { name: 'adjustment-reason' };

import { Spine1764000000000 } from './1764000000000-spine.js';
import { ApplicationRole1764000000001 } from './1764000000001-application-role.js';
import { WholeLedger1764000000002 } from './1764000000002-whole-ledger.js';
import { EarningCounters1764000000003 } from './1764000000003-earning-counters.js';

/** Every migration in order. A merged one is never edited. */
export const migrations = [
  Spine1764000000000,
  ApplicationRole1764000000001,
  WholeLedger1764000000002,
  EarningCounters1764000000003,
];

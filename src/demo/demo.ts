import type { INestApplication } from '@nestjs/common';
import {
  DEMO_ACCOUNTING_POLICY,
  DEMO_ACTIVITY_TYPES,
  DEMO_GIFTS,
  DEMO_MEMBERS,
  DEMO_POLICY,
  DEMO_PURCHASES,
  DEMO_REWARDS,
  DEMO_RULES,
  DEMO_STOCK,
  DEMO_TIER_SET,
} from './demo-data.js';
import { activityTypeKind } from '../activity-types/index.js';
import { accountingPolicyKind } from '../finance/index.js';
import { earningRuleKind } from '../earning/index.js';
import { ApiKeyStore, newKeyText } from '../keys/index.js';
import { MemberStore } from '../members/index.js';
import { divideHalfUp, toSafeNumber } from '../kernel/division.js';
import type { ProgrammeId } from '../kernel/ids.js';
import { SCOPES, type Scope } from '../platform/http/caller.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { ConfigLifecycle } from '../platform/versioned-config/config-lifecycle.js';
import { contextOf } from '../platform/http/command-context.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { ProgrammeStore, programmePolicyKind } from '../programmes/index.js';
import { purchaseCommand } from '../purchases/index.js';
import { RewardStockStore, rewardKind } from '../redemptions/index.js';
import { tierSetKind } from '../tiers/index.js';
import type { Clock } from '../kernel/time.js';
import type { IdSource } from '../kernel/ids.js';

export type DemoKeys = Readonly<Record<Scope, string>>;

const ACTOR = 'demo';
const DAY_MS = 86_400_000;
/** The programme began this many days before its first start, so that its members have a history. */
const BEGAN_DAYS_AGO = 400;

/** Fills an empty installation with a programme to look at: the same figures every time. */
export async function seedDemo(app: INestApplication): Promise<ProgrammeId> {
  const clock = app.get<Clock>(CLOCK);
  const ids = app.get<IdSource>(IDS);
  const now = clock.now();
  const programme = await app
    .get(ProgrammeStore)
    .create({ name: 'Laurel demo 月桂示範計畫', currency: 'TWD', timeZone: 'Asia/Taipei' });
  const { programmeId } = programme;
  const act = { programmeId, actor: ACTOR, now, ids };
  const lifecycle = app.get(ConfigLifecycle);
  const began = now - BEGAN_DAYS_AGO * DAY_MS;
  const publish = async (kind: string, key: string, body: object, effectiveAt = began): Promise<void> => {
    await lifecycle.saveDraft(act, { kind, key }, body);
    const options = { effectiveAt, retroactive: true };
    await lifecycle.publish(act, { kind, key }, options);
  };
  await publish(programmePolicyKind.name, 'main', DEMO_POLICY);
  await publish(accountingPolicyKind.name, 'main', DEMO_ACCOUNTING_POLICY);
  await publish(tierSetKind.name, 'main', DEMO_TIER_SET);
  for (const [key, type] of Object.entries(DEMO_ACTIVITY_TYPES))
    await publish(activityTypeKind.name, key, type);
  for (const [key, rule] of Object.entries(DEMO_RULES)) await publish(earningRuleKind.name, key, rule);
  for (const [key, rule] of Object.entries(DEMO_GIFTS))
    await publish(earningRuleKind.name, key, rule, now + DAY_MS);
  for (const [key, reward] of Object.entries(DEMO_REWARDS)) await publish(rewardKind.name, key, reward);
  for (const [key, stock] of Object.entries(DEMO_STOCK)) await app.get(RewardStockStore).add(act, key, stock);
  await seedMembers(app, programmeId, now);
  return programmeId;
}

async function seedMembers(app: INestApplication, programmeId: ProgrammeId, now: number): Promise<void> {
  const ids = app.get<IdSource>(IDS);
  for (const { enrolledDaysAgo, ...member } of DEMO_MEMBERS) {
    await app
      .get(MemberStore)
      .enrol(programmeId, { ...member, enrolledAt: now - enrolledDaysAgo * DAY_MS }, { now, actor: ACTOR });
  }
  const keyId = ids.next('key');
  const caller = { keyId, line: keyId, programmeId, scopes: SCOPES };
  for (const [index, { daysAgo, externalId, amounts }] of DEMO_PURCHASES.entries()) {
    const lines = amounts.map(([sku, category, amountMinor], line) => ({
      lineNo: line + 1,
      sku,
      category,
      amountMinor,
      // 5 % business tax is contained in the price.
      taxMinor: toSafeNumber(divideHalfUp(BigInt(amountMinor) * 5n, 105n)),
    }));
    const receipt = {
      source: 'store-1',
      receiptNo: `DEMO-${String(index + 1).padStart(4, '0')}`,
      member: { externalId },
      occurredAt: new Date(now - daysAgo * DAY_MS).toISOString(),
      currency: 'TWD',
      lines,
    };
    const command = { ...purchaseCommand(receipt, contextOf(caller, ids)), actor: ACTOR };
    const outcome = await app.get(Pipeline).submit(command);
    if (outcome.kind === 'refused') throw new Error(`demo receipt refused: ${outcome.problem.detail}`);
  }
}

/** Keys for every role; their texts are the caller's, so that they can be written down beforehand. */
export async function makeDemoKeys(
  app: INestApplication,
  programmeId: ProgrammeId,
  keys: DemoKeys,
): Promise<void> {
  for (const scope of SCOPES) {
    const scopes = scope === 'admin' ? (['admin', 'keys', 'limits'] as const) : [scope];
    const wanted = { programmeId, name: `demo ${scope}`, scopes, key: keys[scope] };
    await app.get(ApiKeyStore).create(wanted, ACTOR);
  }
}

/** Texts for `makeDemoKeys`. */
export function newDemoKeys(): DemoKeys {
  return Object.fromEntries(SCOPES.map((scope) => [scope, newKeyText()])) as DemoKeys;
}

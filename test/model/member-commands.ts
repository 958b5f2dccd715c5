import fc from 'fast-check';
import { available, command, member, one, twice, which, who, type Model } from './story-command.js';
import type { Account, Member } from './vocabulary.js';

const inHousehold = ({ account, home }: Member) => account !== home;
const membersOf = (model: Model, account: Account) =>
  model.present().filter((item) => item.account === account);
const held = (model: Model, account: Account) => model.balance(account).held;

const household = command('household', fc.record({ who, which, twice }), async (model, family, pick) => {
  const outside = model.present().filter((item) => !inHousehold(item));
  const joiner = one(outside, pick.who) ?? member(model, pick.who);
  const open = one(
    [...family.households.keys()].filter((account) => membersOf(model, account).length > 0),
    pick.which,
  );
  const path = open ? `/v1/households/${family.households.get(open)}/members` : '/v1/households';
  const ref = family.ref(joiner);
  const body = open ? { member: ref, role: 'adult' } : { head: ref };
  if (joiner.closedAt !== null && joiner.account !== open)
    return family.isRefused('MEMBER_CLOSED', path, body);
  if (inHousehold(joiner)) return family.isRefused('ALREADY_IN_HOUSEHOLD', path, body);
  if (held(model, joiner.account) > 0) return family.isRefused('HOLDS_OPEN', path, body);
  const answer = await family.does(path, body, pick.twice);
  const account = open ?? model.open();
  if (!open) family.found(account, answer.id as string, answer.accountId as string, joiner);
  model.join(joiner, account);
  await family.adoptChildren(model);
});

const leave = command(
  'leave household',
  fc.record({
    which,
    split: fc.oneof(
      fc.constantFrom('own' as const, 'own' as const, 'none' as const, 'equal' as const),
      fc.integer({ min: 1, max: 40 }),
    ),
    twice,
  }),
  async (model, family, pick) => {
    const inside = model.present().filter(inHousehold);
    const free = inside.filter((item) => family.head.get(item.account) !== item);
    // The head is refused while others are in, so it is mostly another one.
    const leaver = one(free.length > 0 && pick.which % 4 > 0 ? free : inside, pick.which) as Member;
    const { account } = leaver;
    const path = `/v1/households/${family.households.get(account)}/members/${family.id(leaver)}/leave`;
    const body = { split: typeof pick.split === 'number' ? { points: pick.split } : pick.split };
    const { length: size } = membersOf(model, account);
    const last = size === 1;
    if (!last && family.head.get(account) === leaver) return family.isRefused('HEAD_MUST_STAY', path, body);
    if (last && held(model, account) > 0) return family.isRefused('HOLDS_OPEN', path, body);
    const usable = available(model, leaver);
    if (!last && typeof pick.split === 'number' && pick.split > usable)
      return family.isRefused('INSUFFICIENT_POINTS', path, body);
    await family.does(path, body, pick.twice);
    const parts = { none: 0, own: 'own', equal: Math.floor(usable / size) } as const;
    const part = typeof pick.split === 'number' ? pick.split : parts[pick.split];
    model.leave(leaver, last ? 'everything' : part);
    await family.adoptChildren(model);
  },
  (model) => model.present().some(inHousehold),
);

/** Two turn out to be one; another comes in their place, so that there is company. */
const merge = command(
  'merge',
  fc.record({ survivor: who, duplicate: who, twice }),
  async (model, family, pick) => {
    const [survivor, duplicate] = [member(model, pick.survivor), member(model, pick.duplicate)];
    const path = `/v1/members/${family.id(survivor)}/merge`;
    const body = { duplicate: family.ref(duplicate) };
    if (survivor === duplicate) return family.isRefused('SAME_MEMBER', path, body);
    if (survivor.closedAt !== null) return family.isRefused('MEMBER_CLOSED', path, body);
    if (survivor.account !== duplicate.account) {
      if (inHousehold(survivor) || inHousehold(duplicate))
        return family.isRefused('IN_HOUSEHOLD', path, body);
      if (held(model, duplicate.account) > 0) return family.isRefused('HOLDS_OPEN', path, body);
    }
    await family.does(path, body, pick.twice);
    model.merge(survivor, duplicate);
    family.merged(survivor, duplicate);
    await family.adoptChildren(model);
    await family.enrol(model);
  },
);

/** A membership ends, or has ended; another member comes, so that there is company. */
const close = command('close', fc.record({ who, twice }), async (model, family, pick) => {
  const leaver = member(model, pick.who);
  const isNew = leaver.closedAt === null;
  for (let time = pick.twice ? 2 : 1; time > 0; time -= 1) {
    const answer = await family.does(`/v1/members/${family.id(leaver)}/close`, {});
    const pointsForfeited = model.close(leaver);
    const { forfeitsAt } = leaver.account;
    expect(answer).toMatchObject({
      ...{ status: 'closed', pointsForfeited },
      forfeitsAt: forfeitsAt === null ? null : new Date(forfeitsAt).toISOString(),
    });
  }
  if (isNew) await family.enrol(model);
});

/** What can happen to members, and to their points with them. */
export const memberCommands = [household, household, leave, leave, merge, close];

import { defineProblems, type Problem } from '../kernel/problem.js';

export const tierProblems = defineProblems({
  TIER_HAS_MEMBERS: {
    status: 409,
    title: 'Members are on a tier that the ladder does not have',
    zhHant: '有會員正處於等級表沒有的等級',
  },
});

/** The refusal of a ladder without rungs on which members stand, unless their number was said. */
export function tierHasMembers(byTier: ReadonlyMap<string, number>, first: string): Problem {
  const members = [...byTier.values()].reduce((sum, count) => sum + count, 0);
  const where = [...byTier].map(([tier, count]) => `${count} on ${tier}`).join(', ');
  const detail = `Members stand on tiers that this ladder does not have: ${where}. They would fall to ${first}. Send "membersDropped": ${members} to publish it.`;
  const meta = { membersDropped: members, byTier: Object.fromEntries(byTier) };
  return tierProblems.problem('TIER_HAS_MEMBERS', detail, { meta });
}

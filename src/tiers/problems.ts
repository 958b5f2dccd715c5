import { defineProblems, type Problem } from '../kernel/problem.js';

export const tierProblems = defineProblems({
  TIER_HAS_MEMBERS: { status: 409, title: 'Members stand on a tier that the ladder has no more' },
});

/** The refusal of a ladder without rungs on which members stand, unless their number was said. */
export function tierHasMembers(byTier: ReadonlyMap<string, number>, first: string): Problem {
  const members = [...byTier.values()].reduce((sum, count) => sum + count, 0);
  const where = [...byTier].map(([tier, count]) => `${count} on ${tier}`).join(', ');
  const detail = `Members stand on tiers that this ladder does not have: ${where}. They would count as ${first}. Say "membersDropped": ${members} to publish it all the same.`;
  const meta = { membersDropped: members, byTier: Object.fromEntries(byTier) };
  return tierProblems.problem('TIER_HAS_MEMBERS', detail, { meta });
}

import { command, type Body, type Clan, type Command, type Draw } from './command.js';

/** What may rightly happen while others send the same clan's members to and fro. */
export const HOUSEHOLD_REFUSALS = [
  'ALREADY_IN_HOUSEHOLD',
  'NOT_IN_HOUSEHOLD',
  'HOUSEHOLD_CLOSED',
  'HEAD_MUST_STAY',
  'HOLDS_OPEN',
];

/** A household is opened, joined, and left by both: the one with a part of the points, the head with the rest. */
export function household(draw: Draw): Command {
  const clan = draw.random.pick(draw.world.clans);
  const split = draw.random.pick(['own', 'equal', 'none'] as const);
  const [opens, joins, leaves, closes] = [draw.key(), draw.key(), draw.key(), draw.key()];
  const leave = (householdId: string, memberId: string, key: string, then: readonly Command[]) =>
    moving(`/households/${householdId}/members/${memberId}/leave`, { split }, key, () => then);
  return moving('/households', { head: { externalId: clan.head.externalId } }, opens, ({ id }) => {
    const last = leave(id, clan.head.id, closes, []);
    const first = leave(id, clan.other.id, leaves, [last]);
    const member = { externalId: clan.other.externalId };
    return [moving(`/households/${id}/members`, { member, role: 'adult' }, joins, () => [first])];
  });
}

function moving(
  path: string,
  body: object,
  idempotencyKey: string,
  sequels: (answer: Body) => readonly Command[],
): Command {
  return command({ operation: 'household', key: idempotencyKey, path, body, idempotencyKey, sequels });
}

/** Two of a clan turn out to be one; the merge may have been sent before. */
export function merge(draw: Draw): Command {
  const { head, duplicate }: Clan = draw.random.pick(draw.world.clans);
  const idempotencyKey = draw.key();
  return command({
    operation: 'merge',
    key: idempotencyKey,
    path: `/members/${head.id}/merge`,
    body: { duplicate: { externalId: duplicate.externalId } },
    idempotencyKey,
  });
}

import { ok } from '../kernel/result.js';
import { reactor, type Reactor } from '../platform/pipeline/index.js';
import { abandonment, forfeitureOf, forfeitureOfArrivals } from './forfeiture.js';
import { memberSlice } from './member.slice.js';
import { membershipSlice } from './membership.slice.js';

/** Points come to an account, or back to it. */
const ARRIVALS = [
  'points.released',
  'points.restored',
  'points.unforfeited',
  'points.activated',
  'lots.received',
] as const;
type Arrival = (typeof ARRIVALS)[number];

/** A closed membership takes no points in: what comes back after its grace, out of a hold or a redemption, is forfeited. */
const forfeitAfter = (on: Arrival): Reactor =>
  reactor<Arrival>({
    name: `members.forfeit after ${on}`,
    on,
    // A lapsed hold gave its points back at its end, however late that is recorded.
    react: ({ data, occurredAt }, work) =>
      ok(
        forfeitureOfArrivals(
          work,
          data.lots.map(({ lotId }) => lotId),
          occurredAt,
        ),
      ),
  });

const forfeitOnClosing = reactor({
  name: 'members.forfeitOnClosing',
  on: 'member.closed',
  react: (_event, work) => ok(abandonment(work)),
});

/** The last open member leaves closed memberships behind; where a closed one leaves, nothing changes. */
const forfeitOnLeaving = reactor({
  name: 'members.forfeitOnLeaving',
  on: 'household.left',
  react: (_event, work) => ok(work.member(memberSlice).status === 'closed' ? [] : abandonment(work)),
});

/** With an open membership the grace is over before its end: the points are the household's, and none is forfeited. */
const endGraceOnJoining = reactor({
  name: 'members.endGraceOnJoining',
  on: 'household.joined',
  react: (_event, work) =>
    ok(work.account(membershipSlice).forfeitsAt === null ? [] : [{ type: 'closing.graceEnded', data: {} }]),
});

const forfeitAfterGrace = reactor({
  name: 'members.forfeitAfterGrace',
  on: 'closing.graceEnded',
  react: ({ occurredAt }, work) => ok(forfeitureOf(work, occurredAt)),
});

/** After the ledger's own: what is over expires and debts are filled first. */
export const memberReactors: readonly Reactor[] = [
  forfeitOnClosing,
  forfeitOnLeaving,
  endGraceOnJoining,
  forfeitAfterGrace,
  ...ARRIVALS.map(forfeitAfter),
];

import type { HttpRequest } from './send.js';
import type { SeededRandom } from './seeded-random.js';

/** A change of what a member has (by external id; see `holderOf`), or of a reward's stock (`STOCK`). */
export interface Change {
  readonly holder: string;
  readonly available?: number;
  readonly held?: number;
}

/** An answer's body; what is in it is the business of who sent the request. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies without declared types
export type Body = any;

/** Something that is to happen once, or if it was refused not at all, however often it is sent. */
export interface Command {
  /** Name of its operation. */
  readonly operation: string;
  /** How the operation's `effects` knows it. */
  readonly key: string;
  readonly request: HttpRequest;
  /** How many times it is sent at once. */
  readonly copies: number;
  /** The commands of the lines, when the request is a stream of them. */
  readonly lines: readonly Command[];
  /** What its effect changes. */
  readonly changes: (answer: Body) => readonly Change[];
  /** What is sent when it has been answered. */
  readonly sequels: (answer: Body) => readonly Command[];
}

/** Members who share a household now and then, and one who turns out to be the head. */
export interface Clan {
  readonly head: ClanMember;
  readonly other: ClanMember;
  readonly duplicate: ClanMember;
}

export interface ClanMember {
  readonly externalId: string;
  readonly id: string;
}

/** Whose points they are: of members of a clan the clan's, within which points go to and fro. */
export function holderOf(externalId: string): string {
  return externalId.split('~', 1)[0] as string;
}

/** What the commands are about. */
export interface World {
  /** External ids, those of clans among them. */
  readonly members: readonly string[];
  readonly clans: readonly Clan[];
  /** A reward with a counted stock. */
  readonly reward: string;
}

/** One draw of a command: everything random in it comes from here, so that it can be made again. */
export class Draw {
  private made = 0;

  constructor(
    readonly world: World,
    readonly random: SeededRandom,
    /** Whole number that no other draw of the run has. */
    readonly number: number,
  ) {}

  /** A text that no other command has. */
  key(): string {
    this.made += 1;
    return `${this.number}-${this.made}`;
  }

  /** A member; every third time the same one, so that there is a hot account. */
  member(): string {
    const { random, world } = this;
    return random.chance(0.3) ? (world.members[0] as string) : random.pick(world.members);
  }
}

const NOTHING: readonly never[] = [];

/** A command with what most commands have. @param path below `/v1` */
export function command(
  given: Pick<Command, 'operation' | 'key'> &
    Partial<Command> & { readonly path: string; readonly body: object; readonly idempotencyKey?: string },
): Command {
  const { path, body, idempotencyKey, ...rest } = given;
  const headers: Record<string, string> = {};
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  return {
    request: { path: `/v1${path}`, body: JSON.stringify(body), headers },
    copies: 1,
    lines: NOTHING,
    changes: () => NOTHING,
    sequels: () => NOTHING,
    ...rest,
  };
}

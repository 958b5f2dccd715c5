import type { Answer } from '../../test/harness/api-client.js';
import { CommandEngine, type Act, type Person } from '../commands/command-engine.js';
import {
  COMMANDS,
  founds,
  HOUSEHOLD_COMMANDS,
  leaves,
  merges,
  READS,
  type CommandWork,
  type Household,
} from '../commands/works.js';
import { requireClean } from '../growth/grown-engine.js';
import { inTurn } from '../measure/rounds.js';
import { medianOf, medianRatio } from '../measure/statistics.js';
import {
  type Contestant,
  type Finding,
  type Measured,
  type Sample,
  type Scene,
  type SceneOptions,
  type SceneResult,
} from '../scene.js';
import { query, startServer, type BenchServer } from '../stage/server.js';

const SEED = 17;
const DEEP_LOTS = 10_000;
const DEEP_MEMBERS = 20;
/** Taken anew for each measurement, so that they stay members with a lot or a few. */
const SHALLOW_MEMBERS = 5000;
/** Of the deep members: each founds a household, or is merged as a duplicate, once. */
const MOVED_MEMBERS = 5;
const REQUESTS = 40;
const MOST_RATIO = 1.5;
const VERIFIED = 3;

/** Whether what a command costs depends on how many lots its account has. */
export const commands: Scene = {
  name: 'commands',
  purpose: 'the cost of every command and read for members with 10,000 open lots and with 1',
  usual: '10 min and 21 GB of free disk',
  byDefault: false,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  const server = await startServer();
  try {
    const pairs = await compared(server, options);
    return {
      measured: [...pairs.measured, ...pairs.moved],
      findings: [...findings(pairs.measured), ...moved(pairs.moved)],
      notes: [
        `requests one after another, ${REQUESTS} of a kind a measurement; no engine keeps accounts in memory, so every command loads its own`,
        `${DEEP_MEMBERS} members have 10,000 lots; as many with 1 are taken anew for each measurement, and have some more by its end`,
        'the CPU is that of node and PostgreSQL together, with what the relay does meanwhile',
        ...pairs.notes,
      ],
      plots: [],
      server: server.settings,
    };
  } finally {
    await server.stop();
  }
}

/** Members of one stage; those for a measurement are the next ones in turn. */
class Group {
  private next = 0;

  constructor(
    readonly engine: CommandEngine,
    readonly title: string,
    private readonly members: readonly Person[],
  ) {}

  /** As many requests as a measurement has, in turn for some members. */
  async acts(prepare: (member: Person) => Promise<Act> | Act): Promise<readonly Act[]> {
    const chosen = Array.from({ length: DEEP_MEMBERS }, () => this.member());
    const acts: Act[] = [];
    for (let index = 0; index < REQUESTS; index += 1)
      acts.push(await prepare(chosen[index % DEEP_MEMBERS] as Person));
    return acts;
  }

  member(): Person {
    const member = this.members[this.next % this.members.length] as Person;
    this.next += 1;
    return member;
  }
}

async function openGroup(
  server: BenchServer,
  options: SceneOptions,
  [lots, members]: readonly [lots: number, members: number],
): Promise<Group> {
  const engine = await CommandEngine.grown(server, { lots, members, seed: SEED, log: options.log });
  return new Group(engine, `${lots.toLocaleString('en')} ${lots === 1 ? 'lot' : 'lots'}`, engine.people);
}

/** Every command on both groups in turn, then what moves all the lots of a member. */
async function compared(server: BenchServer, options: SceneOptions) {
  const groups: Group[] = [];
  try {
    groups.push(await openGroup(server, options, [1, SHALLOW_MEMBERS]));
    groups.push(await openGroup(server, options, [DEEP_LOTS, DEEP_MEMBERS]));
    const works = [...COMMANDS, ...READS];
    const measured = await inTurn(
      works.flatMap((work) => groups.map((group) => contestant(group, work))),
      options,
    );
    const [, deep] = groups as [Group, Group];
    const households = await Promise.all(groups.map((group) => Households.found(group)));
    const inside = await inTurn(
      HOUSEHOLD_COMMANDS.flatMap((work) => households.map((each) => each.contestant(work))),
      options,
    );
    const moved = [
      (households[1] as Households).founding,
      await (households[1] as Households).dissolve(),
      await merge(deep),
    ];
    const notes: string[] = [];
    for (const { engine, title } of groups) {
      const members = Array.from({ length: VERIFIED }, (_, index) => 1 + index * 5);
      notes.push(`${title}: ${await requireClean(engine.stage, members, 2)}`);
    }
    return { measured: [...measured, ...inside], moved, notes };
  } finally {
    for (const { engine } of groups) await engine.stop();
  }
}

function contestant(group: Group, { name, prepare }: CommandWork): Contestant {
  const { engine, title } = group;
  return {
    name: `${name}: ${title}`,
    measure: async () => engine.measure(await group.acts((member) => prepare(engine, member))),
  };
}

/** Households of some members of a group, with all the lots these had. */
class Households {
  private constructor(
    private readonly group: Group,
    private readonly all: readonly Household[],
    readonly founding: Measured,
  ) {}

  static async found(group: Group): Promise<Households> {
    const { engine } = group;
    const heads = Array.from({ length: MOVED_MEMBERS }, () => group.member());
    const lots = await openLots(engine, heads);
    const all: Household[] = [];
    const sample = await engine.measure(
      heads.map((head) => {
        const act = founds(engine, head);
        const tidyUp = ({ body }: Answer) => {
          all.push({ ...head, householdId: (body as { id: string }).id });
          return Promise.resolve();
        };
        return { ...act, tidyUp };
      }),
      lots,
    );
    return new Households(group, all, { name: 'household founded, a lot of its head', samples: [sample] });
  }

  contestant({ name, prepare }: (typeof HOUSEHOLD_COMMANDS)[number]): Contestant {
    const { engine, title } = this.group;
    return {
      name: `${name}: ${title}`,
      measure: async () => {
        const acts: Act[] = [];
        // One after another, for a member who joined must have left before the next measurement.
        for (let index = 0; index < DEEP_MEMBERS; index += 1)
          acts.push(await prepare(engine, this.all[index % this.all.length] as Household));
        return engine.measure(acts);
      },
    };
  }

  /** The heads leave, and all goes with them. */
  async dissolve(): Promise<Measured> {
    const { engine } = this.group;
    const lots = await openLots(engine, this.all);
    const acts = this.all.map((household) => leaves(engine, household, household, 'own'));
    return { name: 'household dissolved, a lot of it', samples: [await engine.measure(acts, lots)] };
  }
}

/** Duplicates with many lots are merged into members with one. */
async function merge(group: Group): Promise<Measured> {
  const { engine } = group;
  const duplicates = Array.from({ length: MOVED_MEMBERS }, () => group.member());
  const lots = await openLots(engine, duplicates);
  const acts: Act[] = [];
  for (const duplicate of duplicates) acts.push(merges(engine, await engine.another(), duplicate));
  return { name: 'merge, a lot of the duplicate', samples: [await engine.measure(acts, lots)] };
}

/** How many lots with points members have. */
async function openLots({ stage }: CommandEngine, people: readonly Person[]): Promise<number> {
  const [row] = await query<{ lots: string }>(
    stage.databaseUrl,
    `SELECT count(*) AS lots FROM members m JOIN lots l ON l.account_id = m.account_id
     WHERE m.external_id = ANY($1::text[]) AND l.available + l.held + l.pending + l.undelivered > 0`,
    [people.map(({ externalId }) => externalId)],
  );
  return Number(row?.lots);
}

const cpu = ({ nodeMicros, postgresMicros }: Sample): number => nodeMicros + postgresMicros;

/** Two rows each: few lots, then many. */
function findings(measured: readonly Measured[]): Finding[] {
  const found: Finding[] = [];
  for (let index = 0; index + 1 < measured.length; index += 2) {
    const [one, many] = [measured[index], measured[index + 1]] as [Measured, Measured];
    const name = one.name.slice(0, one.name.lastIndexOf(':'));
    found.push({
      name: `${name}: 10,000 lots / 1`,
      value: medianRatio(many, one, cpu),
      target: { most: MOST_RATIO },
    });
    found.push({ name: `${name}: CPU, 1 lot`, value: medianOf(one, cpu), unit: 'us' });
  }
  return found;
}

function moved(rows: readonly Measured[]): Finding[] {
  return rows.map((row) => ({ name: `${row.name}: CPU`, value: medianOf(row, cpu), unit: 'us' }));
}

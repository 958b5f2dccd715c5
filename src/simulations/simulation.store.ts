import type { DataSource, EntityManager } from 'typeorm';
import type { AuditedAction } from '../kernel/audited-actions.js';
import { idToUuid, uuidToId, type IdSource, type ProgrammeId, type SimulationId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { appendAudit } from '../platform/audit/audit.store.js';
import type { Row } from '../platform/database/row.js';
import type { SimulatedWindow } from './domain/simulated-window.js';
import { KEPT_DAYS, MAX_ATTEMPTS, MAX_KEPT } from './domain/limits.js';
import type { SimulationProgress } from './simulate.js';

/** `waiting`: for the job; `cancelling`: its process does not know yet. */
export const SIMULATION_STATES = [
  ...(['waiting', 'running', 'cancelling'] as const),
  ...(['finished', 'failed', 'cancelled'] as const),
] as const;
export type SimulationState = (typeof SIMULATION_STATES)[number];

/** A draft as it is simulated, whatever becomes of the saved one. */
export interface SimulatedDraft {
  readonly kind: string;
  readonly id: string;
  readonly definition: object;
}

/** The window and the drafts of a simulation. */
export interface SimulationRequest {
  readonly window: SimulatedWindow;
  readonly drafts: readonly SimulatedDraft[];
}

/** A simulation as it is recorded. */
export interface Simulation {
  readonly simulationId: SimulationId;
  readonly programmeId: ProgrammeId;
  readonly state: SimulationState;
  /** Identifies the process that carries it out: one more with each. */
  readonly lease: number;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly updatedAt: Instant;
  readonly endedAt: Instant | null;
  readonly request: SimulationRequest;
  /** How far it will go, as far as was known when it was asked for. */
  readonly expected: SimulationProgress;
  readonly progress: SimulationProgress;
  readonly recordedBy: Instant | null;
  /** JSON; null of one without a result, and in lists. */
  readonly result: object | null;
  readonly error: string | null;
}

/** A change made by a key, for the audit log. */
interface Act {
  readonly actor: string;
  readonly now: Instant;
  readonly ids: IdSource;
}

/** A simulation without a sign of life for so long is begun anew. */
export const LEASE_MS = 60_000;
const MS_PER_DAY = 86_400_000;

const COLUMNS = `s.simulation_id, s.programme_id, s.state, s.lease, s.requested_by, s.requested_at, s.updated_at,
  s.ended_at, s.request, s.expected, s.progress, s.recorded_by, s.error`;

const CREATE = `INSERT INTO simulations (simulation_id, programme_id, state, lease, requested_by, requested_at,
    updated_at, request, expected, progress)
  VALUES ($1, $2, 'waiting', 0, $3, $4, $4, $5, $6, '{"members":0,"receipts":0}')
  ON CONFLICT (programme_id) WHERE state IN ('waiting', 'running', 'cancelling') DO NOTHING RETURNING simulation_id`;

const OPEN = `SELECT ${COLUMNS} FROM simulations s
  WHERE s.programme_id = $1 AND s.state IN ('waiting', 'running', 'cancelling')`;

const PAGE = `SELECT ${COLUMNS} FROM simulations s
  WHERE s.programme_id = $1 AND ($2::uuid IS NULL OR s.simulation_id < $2)
  ORDER BY s.simulation_id DESC LIMIT $3`;

/** The one that waits longest, or whose process is gone. */
const TAKE = `UPDATE simulations SET state = 'running', lease = lease + 1, updated_at = $1,
    progress = '{"members":0,"receipts":0}'
  WHERE simulation_id = (SELECT w.simulation_id FROM simulations w
    WHERE w.state = 'waiting' OR (w.state = 'running' AND w.updated_at < $2)
    ORDER BY w.updated_at, w.simulation_id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING *`;

const GIVE_UP = `UPDATE simulations SET state = 'failed', ended_at = $1, updated_at = $1,
    error = 'The process ended ${MAX_ATTEMPTS} times while it ran.'
  WHERE state = 'running' AND updated_at < $2 AND lease >= ${MAX_ATTEMPTS}`;

const CANCEL_LOST = `UPDATE simulations SET state = 'cancelled', ended_at = $1, updated_at = $1
  WHERE state = 'cancelling' AND updated_at < $2`;

const BEAT = `UPDATE simulations SET updated_at = $3, progress = $4
  WHERE simulation_id = $1 AND lease = $2 AND state IN ('running', 'cancelling') RETURNING state`;

const END = `UPDATE simulations SET updated_at = $4::timestamptz,
    ended_at = CASE WHEN $3::text <> 'waiting' THEN $4::timestamptz END, state = $3::text, recorded_by = $5, result = $6, error = $7, progress = coalesce($8, progress)
  WHERE simulation_id = $1 AND lease = $2 AND state = 'running' RETURNING simulation_id`;

const CANCELLED = `UPDATE simulations SET state = 'cancelled', ended_at = $3, updated_at = $3
  WHERE simulation_id = $1 AND lease = $2 AND state = 'cancelling'`;

const CANCEL = `UPDATE simulations SET updated_at = $2::timestamptz,
    state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE 'cancelling' END,
    ended_at = CASE state WHEN 'waiting' THEN $2::timestamptz END
  WHERE simulation_id = $1 AND state IN ('waiting', 'running') RETURNING simulation_id`;

const FORGET = `DELETE FROM simulations x USING (SELECT s.simulation_id,
      row_number() OVER (PARTITION BY s.programme_id ORDER BY s.simulation_id DESC) AS place
    FROM simulations s WHERE s.ended_at IS NOT NULL) old
  WHERE x.simulation_id = old.simulation_id AND (old.place > ${MAX_KEPT} OR x.ended_at < $1)`;

/** How a run ended; `waiting`: another process goes on with it. */
export interface EndOfSimulation {
  readonly state: 'finished' | 'failed' | 'waiting';
  readonly recordedBy?: Instant;
  /** JSON text. */
  readonly result?: string;
  readonly error?: string;
  readonly progress?: SimulationProgress;
}

/** Which simulations there are, how far they are, and what they found. */
export class SimulationStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns whether it was recorded: a programme has one at a time. */
  async create(
    simulationId: SimulationId,
    programmeId: ProgrammeId,
    request: SimulationRequest,
    expected: SimulationProgress,
    act: Act,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const values = [
        ...[idToUuid(simulationId), idToUuid(programmeId), act.actor, new Date(act.now)],
        ...[JSON.stringify(request), JSON.stringify(expected)],
      ];
      const rows = await manager.query<Row[]>(CREATE, values);
      if (rows.length === 0) return false;
      await audit(manager, 'simulation.started', { simulationId, programmeId }, act, request);
      return true;
    });
  }

  /** With its result. */
  async find(programmeId: ProgrammeId, simulationId: SimulationId): Promise<Simulation | null> {
    const [row] = await this.dataSource.query<Row[]>(
      'SELECT s.* FROM simulations s WHERE s.programme_id = $1 AND s.simulation_id = $2',
      [idToUuid(programmeId), idToUuid(simulationId)],
    );
    return row ? readSimulation(row) : null;
  }

  /** The one that is not over; null without one. */
  async open(programmeId: ProgrammeId): Promise<Simulation | null> {
    const [row] = await this.dataSource.query<Row[]>(OPEN, [idToUuid(programmeId)]);
    return row ? readSimulation(row) : null;
  }

  /** Newest first, without results. */
  async page(
    programmeId: ProgrammeId,
    before: SimulationId | null,
    limit: number,
  ): Promise<readonly Simulation[]> {
    const values = [idToUuid(programmeId), before && idToUuid(before), limit];
    return (await this.dataSource.query<Row[]>(PAGE, values)).map(readSimulation);
  }

  /** Asks for its end. @returns whether there was anything to end. */
  async cancel({ simulationId, programmeId }: Simulation, act: Act): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const values = [idToUuid(simulationId), new Date(act.now)];
      const [rows] = await manager.query<[Row[], number]>(CANCEL, values);
      if (rows.length === 0) return false;
      await audit(manager, 'simulation.cancelled', { simulationId, programmeId }, act, null);
      return true;
    });
  }

  /** Takes the next to carry out. @returns null where none waits. */
  async take(now: Instant): Promise<Simulation | null> {
    const stale = [new Date(now), new Date(now - LEASE_MS)];
    await this.dataSource.query(CANCEL_LOST, stale);
    await this.dataSource.query(GIVE_UP, stale);
    const [rows] = await this.dataSource.query<[Row[], number]>(TAKE, stale);
    const [row] = rows;
    return row ? readSimulation(row) : null;
  }

  /** Says that it is being carried out. @returns whether it is to go on. */
  async beat(
    { simulationId, lease }: Simulation,
    progress: SimulationProgress,
    now: Instant,
  ): Promise<boolean> {
    const values = [idToUuid(simulationId), lease, new Date(now), JSON.stringify(progress)];
    const [rows] = await this.dataSource.query<[Row[], number]>(BEAT, values);
    return rows[0]?.['state'] === 'running';
  }

  /** Records how it ended, or that it was cancelled meanwhile. */
  async end({ simulationId, lease }: Simulation, end: EndOfSimulation, now: Instant): Promise<void> {
    const { state, recordedBy, result = null, error = null, progress } = end;
    const at = new Date(now);
    await this.dataSource.query(END, [
      ...[idToUuid(simulationId), lease, state, at],
      ...[recordedBy === undefined ? null : new Date(recordedBy), result, error],
      progress === undefined ? null : JSON.stringify(progress),
    ]);
    await this.dataSource.query(CANCELLED, [idToUuid(simulationId), lease, at]);
  }

  /** Removes what was kept for long enough. */
  async forget(now: Instant): Promise<void> {
    await this.dataSource.query(FORGET, [new Date(now - KEPT_DAYS * MS_PER_DAY)]);
  }
}

function audit(
  manager: EntityManager,
  action: AuditedAction,
  { simulationId, programmeId }: Pick<Simulation, 'simulationId' | 'programmeId'>,
  { actor, now, ids }: Act,
  request: SimulationRequest | null,
): Promise<void> {
  const after = request && {
    window: { from: request.window.from, until: request.window.until },
    drafts: request.drafts.map(({ kind, id }) => `${kind}/${id}`),
  };
  return appendAudit(manager, {
    ...{ auditId: idToUuid(ids.next('adt')), programmeId: idToUuid(programmeId), at: new Date(now), actor },
    ...{ action, subject: simulationId, before: null, after, record: null },
  });
}

function readSimulation(row: Row): Simulation {
  const instant = (name: string) => (row[name] as Date | null)?.getTime() ?? null;
  return {
    simulationId: uuidToId('sim', row['simulation_id'] as string),
    programmeId: uuidToId('prg', row['programme_id'] as string),
    state: row['state'] as SimulationState,
    lease: Number(row['lease']),
    requestedBy: row['requested_by'] as string,
    requestedAt: instant('requested_at') as Instant,
    updatedAt: instant('updated_at') as Instant,
    endedAt: instant('ended_at'),
    request: row['request'] as SimulationRequest,
    expected: row['expected'] as SimulationProgress,
    progress: row['progress'] as SimulationProgress,
    recordedBy: instant('recorded_by'),
    result: (row['result'] as object | null | undefined) ?? null,
    error: row['error'] as string | null,
  };
}

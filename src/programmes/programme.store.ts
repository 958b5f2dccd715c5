import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type IdSource, type ProgrammeId } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { appendAudit, recordDigest } from '../platform/audit/audit.store.js';
import { PROGRAMME_RECORD } from '../platform/audit/record-columns.js';
import { openRoll } from '../platform/audit/account-roll.store.js';
import { ProgrammeEntity } from '../platform/versioned-config/programme.entity.js';
import { CLOCK, DATA_SOURCE, IDS } from '../platform/tokens.js';

const RECORD = { record: PROGRAMME_RECORD, from: 'programmes p WHERE p.programme_id = $1' };

/** A programme's fixed facts. */
export interface Programme {
  readonly programmeId: ProgrammeId;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly createdAt: Date;
}

@Injectable()
export class ProgrammeStore {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async create(
    fields: Pick<Programme, 'name' | 'currency' | 'timeZone'>,
    actor = 'installation',
  ): Promise<Programme> {
    const repository = this.dataSource.getRepository(ProgrammeEntity);
    const entity = repository.create({
      programmeId: idToUuid(this.ids.next('prg')),
      name: fields.name,
      currency: fields.currency,
      timeZone: fields.timeZone,
      configRevision: '0',
      createdAt: new Date(this.clock.now()),
    });
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(ProgrammeEntity, entity);
      await openRoll(manager, entity.programmeId);
      const { name, currency, timeZone } = entity;
      await appendAudit(manager, {
        auditId: idToUuid(this.ids.next('adt')),
        programmeId: entity.programmeId,
        at: entity.createdAt,
        actor,
        action: 'programme.created',
        subject: uuidToId('prg', entity.programmeId),
        before: null,
        after: { name, currency, timeZone },
        subjectId: entity.programmeId,
        record: await recordDigest(manager, RECORD, [entity.programmeId]),
      });
    });
    return toProgramme(entity);
  }

  async find(programmeId: ProgrammeId): Promise<Programme | null> {
    const where = { programmeId: idToUuid(programmeId) };
    const entity = await this.dataSource.getRepository(ProgrammeEntity).findOneBy(where);
    return entity && toProgramme(entity);
  }

  /** The installation's programmes, the first made first. */
  async all(): Promise<readonly Programme[]> {
    const order = { createdAt: 'ASC', programmeId: 'ASC' } as const;
    return (await this.dataSource.getRepository(ProgrammeEntity).find({ order })).map(toProgramme);
  }
}

function toProgramme({ programmeId, name, currency, timeZone, createdAt }: ProgrammeEntity): Programme {
  return { programmeId: uuidToId('prg', programmeId), name, currency, timeZone, createdAt };
}

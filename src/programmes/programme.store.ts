import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type IdSource, type ProgrammeId } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { ProgrammeEntity } from '../platform/versioned-config/programme.entity.js';
import { CLOCK, DATA_SOURCE, IDS } from '../platform/tokens.js';

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

  async create(fields: Pick<Programme, 'name' | 'currency' | 'timeZone'>): Promise<Programme> {
    const repository = this.dataSource.getRepository(ProgrammeEntity);
    const entity = repository.create({
      programmeId: idToUuid(this.ids.next('prg')),
      name: fields.name,
      currency: fields.currency,
      timeZone: fields.timeZone,
      configRevision: '0',
      createdAt: new Date(this.clock.now()),
    });
    await repository.insert(entity);
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

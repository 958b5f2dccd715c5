import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A programme's fixed facts; everything that may change is versioned configuration. */
@Entity('programmes')
export class ProgrammeEntity {
  @PrimaryColumn('uuid', { name: 'programme_id' })
  programmeId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  currency!: string;

  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  @Column('bigint', { name: 'config_revision' })
  configRevision!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

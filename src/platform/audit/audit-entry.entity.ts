import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Changes of the configuration with their actors, for ever: the application's role may only add rows. */
@Entity('audit_log')
export class AuditEntryEntity {
  @PrimaryColumn('uuid', { name: 'audit_id' })
  auditId!: string;

  @Column('uuid', { name: 'programme_id' })
  programmeId!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('text')
  actor!: string;

  @Column('text')
  action!: string;

  @Column('text')
  subject!: string;

  @Column('json', { nullable: true })
  before!: unknown;

  @Column('json', { nullable: true })
  after!: unknown;
}

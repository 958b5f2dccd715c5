import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One version of one piece of configuration: a draft, or published and then never changed. */
@Entity('config_versions')
export class ConfigVersionEntity {
  @PrimaryColumn('uuid', { name: 'programme_id' })
  programmeId!: string;

  @PrimaryColumn('text')
  kind!: string;

  @PrimaryColumn('text')
  key!: string;

  @PrimaryColumn('int')
  version!: number;

  @Column('text')
  status!: 'draft' | 'published';

  @Column('timestamptz', { name: 'effective_at', nullable: true })
  effectiveAt!: Date | null;

  @Column('jsonb')
  body!: Record<string, unknown>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'published_at', nullable: true })
  publishedAt!: Date | null;

  @Column('text', { name: 'published_by', nullable: true })
  publishedBy!: string | null;
}

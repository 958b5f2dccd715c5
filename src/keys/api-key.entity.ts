import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Scope } from '../platform/http/caller.js';

/** A key's record. The key itself is shown once, when it is made; only its SHA-256 is kept. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('uuid', { name: 'key_id' })
  keyId!: string;

  @Column('uuid', { name: 'programme_id' })
  programmeId!: string;

  @Column('text')
  name!: string;

  @Column('text', { array: true })
  scopes!: Scope[];

  @Column('bytea')
  hash!: Buffer;

  /** The key's first characters, to tell keys apart. */
  @Column('text')
  hint!: string;

  /** The key, or the tool, that made it; null for keys of which that is not known. */
  @Column('text', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  /** The first key of those that come of each other: its maker's, or its own where no key made it. */
  @Column('uuid', { name: 'line_key_id' })
  lineKeyId!: string;

  /** To some minutes (`KEY_USE_NOTED_MS`); null before the first use. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MemberStatus, StatusChange } from './domain/status-at.js';
import type { HouseholdRole } from './member-facts.js';

@Entity('members')
export class MemberEntity {
  @PrimaryColumn('uuid', { name: 'member_id' })
  memberId!: string;

  @Column('uuid', { name: 'programme_id' })
  programmeId!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  /** The account the member was enrolled with; another one only while in a household or after a merge. */
  @Column('uuid', { name: 'home_account_id' })
  homeAccountId!: string;

  @Column('uuid', { name: 'merged_into', nullable: true })
  mergedInto!: string | null;

  @Column('text', { name: 'household_role', nullable: true })
  householdRole!: HouseholdRole | null;

  @Column('text', { name: 'external_id', nullable: true })
  externalId!: string | null;

  @Column('text')
  status!: MemberStatus;

  /** Null for a member who was always active. */
  @Column('json', { name: 'status_changes', nullable: true })
  statusChanges!: readonly StatusChange[] | null;

  @Column('timestamptz', { name: 'enrolled_at' })
  enrolledAt!: Date;

  @Column('date', { name: 'birth_date', nullable: true })
  birthDate!: string | null;

  /** When the birth date was entered or changed; null where that was at the enrolment. */
  @Column('timestamptz', { name: 'birth_date_since', nullable: true })
  birthDateSince!: Date | null;

  @Column('jsonb')
  attributes!: Record<string, unknown>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

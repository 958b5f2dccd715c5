import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a member is known by; unique in the programme. */
@Entity('member_identities')
export class MemberIdentityEntity {
  @PrimaryColumn('uuid', { name: 'programme_id' })
  programmeId!: string;

  @PrimaryColumn('text')
  type!: string;

  @PrimaryColumn('text')
  value!: string;

  @Column('uuid', { name: 'member_id' })
  memberId!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;
}

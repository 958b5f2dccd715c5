import { Type } from 'class-transformer';
import { IsDefined, ValidateNested } from 'class-validator';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';

export class MergeMembersDto {
  /** Who turned out to be the member in the path. */
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  duplicate!: MemberRefDto;
}

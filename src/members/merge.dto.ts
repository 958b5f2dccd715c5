import { Type } from 'class-transformer';
import { IsDefined, ValidateNested } from 'class-validator';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';

export class MergeMembersDto {
  /** The duplicate, which is merged into the member in the path. */
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  duplicate!: MemberRefDto;
}

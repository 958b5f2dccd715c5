import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsOptional, IsString, ValidateNested } from 'class-validator';
import { isId } from '../../kernel/ids.js';
import type { Target } from '../pipeline/index.js';
import type { Caller } from './caller.js';
import { EXTERNAL_ID_TYPE, identityForm, type Identity } from './identity.js';
import { IsKeyText } from './key-text.js';
import { invalid } from './validation.js';

export class IdentityDto {
  /** What kind of identity, such as `card`, `phone` or `email`. */
  @IsKeyText(40)
  type!: string;

  @IsKeyText(200)
  value!: string;
}

/** A member by exactly one of: id, external id, identity. */
export class MemberRefDto {
  @ApiPropertyOptional({ example: 'mbr_01k9z0c1q8e4v8m2s6t4w3x5y7' })
  @IsOptional()
  @IsString()
  id?: string;

  @ApiPropertyOptional({ example: 'C-1001' })
  @IsOptional()
  @IsKeyText(200)
  externalId?: string;

  @IsOptional()
  @IsDefined()
  @ValidateNested()
  @Type(() => IdentityDto)
  identity?: IdentityDto;
}

/**
 * The member that a request names, as they are looked for.
 * @throws ProblemException VALIDATION_FAILED unless exactly one way of naming them is used.
 */
export function targetOf(member: MemberRefDto, caller: PhoneTerms, pointer = '/member'): Target {
  const { id, externalId, identity } = member;
  const given = [id, externalId, identity].filter((value) => value !== undefined && value !== null);
  if (given.length !== 1) {
    throw invalid([
      { pointer, code: 'ONE_OF', detail: 'Name the member by exactly one of id, externalId, identity.' },
    ]);
  }
  if (id !== undefined && id !== null) {
    if (!isId('mbr', id))
      throw invalid([{ pointer: `${pointer}/id`, code: 'NOT_AN_ID', detail: `${id} is not a member id.` }]);
    return { kind: 'member', id };
  }
  if (externalId !== undefined && externalId !== null)
    return { kind: 'identity', type: EXTERNAL_ID_TYPE, value: externalId };
  return { kind: 'identity', ...identityOf(identity as IdentityDto, caller, `${pointer}/identity`) };
}

type PhoneTerms = Pick<Caller, 'phoneRegion'>;

/**
 * An identity in its one form.
 * @param pointer where it stands; or where its type and value do.
 * @throws ProblemException VALIDATION_FAILED where it is none.
 */
export function identityOf(
  identity: Identity,
  { phoneRegion = null }: PhoneTerms,
  pointer: string | Readonly<Record<'type' | 'value', string>>,
): Identity {
  const read = identityForm(identity, phoneRegion);
  if (read.ok) return read.identity;
  const { part, code, detail } = read.fault;
  const place = typeof pointer === 'string' ? `${pointer}/${part}` : pointer[part];
  throw invalid([{ pointer: place, code, detail }]);
}

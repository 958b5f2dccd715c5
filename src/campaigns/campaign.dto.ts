import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import type { FieldError } from '../kernel/problem.js';
import { formatInstant } from '../kernel/time.js';
import { IsInstant, IsWhole } from '../platform/http/fields.js';
import { instantOf } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { WordingDto } from '../platform/http/wording.dto.js';
import { REGISTRARS, type Campaign, type Registrar } from './domain/campaign.js';

/** Members that may be registered for one campaign. */
export const MAX_PLACES = 1_000_000_000;
/** Days on which members may register for a campaign with places by the day. */
export const MAX_OPEN_DAYS = 366;
const DAY_MS = 86_400_000;
const COUNTS_FROM = ['registration', 'start'] as const;

export class PlacesDto {
  /** The most members in all. Absent: any number. */
  @IsOptional()
  @IsWhole(1, MAX_PLACES)
  inAll?: number;

  /** The most members of those who registered on one local day. Absent: any number. */
  @IsOptional()
  @IsWhole(1, MAX_PLACES)
  perDay?: number;
}

export class CampaignDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => WordingDto)
  names!: WordingDto;

  /** From when on members may register. */
  @ApiProperty({ example: '2026-12-01T00:00:00+08:00' })
  @IsInstant()
  opensAt!: string;

  /** Until when, exclusive. */
  @ApiProperty({ example: '2026-12-25T00:00:00+08:00' })
  @IsInstant()
  closesAt!: string;

  /** From when on receipts count. Default: `opensAt`. */
  @ApiPropertyOptional({ example: '2026-12-01T00:00:00+08:00' })
  @IsOptional()
  @IsInstant()
  startsAt?: string;

  /** Until when, exclusive. Default: `closesAt`. */
  @ApiPropertyOptional({ example: '2027-01-01T00:00:00+08:00' })
  @IsOptional()
  @IsInstant()
  endsAt?: string;

  /**
   * `registration`: receipts count that occurred after the member registered; `start`: also those of before, from the
   * start of the campaign on, as far as they are recorded after the registration. Default `registration`.
   */
  @ApiPropertyOptional({ enum: COUNTS_FROM })
  @IsOptional()
  @IsIn(COUNTS_FROM)
  countsFrom?: (typeof COUNTS_FROM)[number];

  /** Scopes of keys that may register members. Default: `activities`, the web shop's. */
  @ApiPropertyOptional({ enum: REGISTRARS, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(REGISTRARS, { each: true })
  registeredBy?: Registrar[];

  /** How many members may register. Default: any number. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PlacesDto)
  places?: PlacesDto;
}

/** The campaign as it is published. @throws ProblemException VALIDATION_FAILED for times that nothing can meet. */
export function campaignOf(dto: CampaignDto): Campaign {
  const [opens, closes] = [instantOf(dto.opensAt) as number, instantOf(dto.closesAt) as number];
  const [starts, ends] = [instantOf(dto.startsAt) ?? opens, instantOf(dto.endsAt) ?? closes];
  const faults = [
    ...upsideDown('/closesAt', opens, closes),
    ...upsideDown('/endsAt', starts, ends),
    ...tooLong(dto, closes - opens),
  ];
  if (faults.length > 0) throw invalid(faults);
  return {
    names: { en: dto.names.en, 'zh-Hant': dto.names['zh-Hant'] },
    opensAt: formatInstant(opens),
    closesAt: formatInstant(closes),
    startsAt: formatInstant(starts),
    endsAt: formatInstant(ends),
    countsFrom: dto.countsFrom ?? 'registration',
    registeredBy: dto.registeredBy ?? ['activities'],
    places: { inAll: dto.places?.inAll ?? null, perDay: dto.places?.perDay ?? null },
  };
}

function upsideDown(pointer: string, from: number, until: number): readonly FieldError[] {
  if (from < until) return [];
  const detail = `${pointer.slice(1)} must be after the beginning.`;
  return [{ pointer, code: 'BOUNDS_UPSIDE_DOWN', detail }];
}

/** Places by the day are kept for each day from the first. */
function tooLong({ places }: CampaignDto, milliseconds: number): readonly FieldError[] {
  if (places?.perDay === undefined || milliseconds <= MAX_OPEN_DAYS * DAY_MS) return [];
  const detail = `With places by the day members may register on at most ${MAX_OPEN_DAYS} days.`;
  return [{ pointer: '/closesAt', code: 'OPEN_TOO_LONG', detail }];
}

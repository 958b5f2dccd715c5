import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches, ValidateBy } from 'class-validator';
import { IsInstant } from '../platform/http/fields.js';
import { PageQueryDto } from '../platform/http/pagination.js';
import { isLocalDate } from '../kernel/time.js';
import { parseAsOf } from './as-of.js';
import { LANGUAGES, type Language } from './domain/chart-of-accounts.js';

export const REPORT_FORMATS = ['json', 'csv', 'xlsx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const MONTH = /^(19[7-9]|20\d|21\d)\d-(0[1-9]|1[0-2])$/;

/** A calendar day (the end of that business day) or an RFC 3339 instant; default now. */
function IsAsOf(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, example: '2026-01-31' }),
    IsOptional(),
    ValidateBy({
      name: 'isAsOf',
      validator: {
        validate: (value) => typeof value === 'string' && parseAsOf(value) !== null,
        defaultMessage: () =>
          '$property must be a calendar day such as 2026-01-31, or an RFC 3339 instant with an offset',
      },
    }),
  );
}

function IsReportFormat(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ enum: REPORT_FORMATS, default: 'json' }),
    IsOptional(),
    IsIn(REPORT_FORMATS),
  );
}

function IsDayOrMonth(): PropertyDecorator {
  return ValidateBy({
    name: 'isDayOrMonth',
    validator: {
      validate: (value) =>
        typeof value === 'string' &&
        (MONTH.test(value) || (MONTH.test(value.slice(0, 7)) && isLocalDate(value))),
      defaultMessage: () => '$property must be a day such as 2026-01-31 or a month such as 2026-01',
    },
  });
}

function IsKnownAt(): PropertyDecorator {
  return applyDecorators(ApiPropertyOptional({ type: String }), IsOptional(), IsInstant());
}

export class ReportQueryDto {
  @IsAsOf()
  asOf?: string;

  /** As far as it was known by this instant; default now. */
  @IsKnownAt()
  knownAt?: string;

  @IsReportFormat()
  format?: ReportFormat;
}

export class LotsQueryDto extends PageQueryDto {
  @IsAsOf()
  asOf?: string;

  /** As far as it was known by this instant; default now. */
  @IsKnownAt()
  knownAt?: string;

  /** `csv` streams every lot; `limit` and `cursor` are for `json`. */
  @IsReportFormat()
  format?: ReportFormat;
}

export class RollForwardQueryDto {
  /** First month, YYYY-MM. */
  @Matches(MONTH, { message: '$property must be a month such as 2026-01' })
  from!: string;

  /** Last month, included. */
  @Matches(MONTH, { message: '$property must be a month such as 2026-01' })
  to!: string;

  /** As far as it was known by this instant; default now. */
  @IsKnownAt()
  knownAt?: string;

  @IsReportFormat()
  format?: ReportFormat;
}

export class JournalQueryDto {
  /** First posting date, or the month it begins. */
  @IsDayOrMonth()
  from!: string;

  /** Last posting date, included, or the month it ends. */
  @IsDayOrMonth()
  to!: string;

  /** As far as it was known by this instant, movements and policies; default now. */
  @IsKnownAt()
  knownAt?: string;

  /** Of the memos. */
  @ApiPropertyOptional({ enum: LANGUAGES, default: 'en' })
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;

  @IsReportFormat()
  format?: ReportFormat;
}

import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatInstant, type Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { IsInstant } from '../platform/http/fields.js';
import { languageHeaders, LANGUAGES, languageOf, type Language } from '../platform/http/language.js';
import { instantOf } from '../platform/http/pagination.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ProgrammeStore } from '../programmes/index.js';
import { programmeTerms } from './programme-terms.js';
import { termsMarkdown, termsText } from './terms-text.js';

const FORMATS = ['json', 'markdown', 'text'] as const;

export class TermsQueryDto {
  /** What holds at this instant; default now. */
  @IsOptional()
  @IsInstant()
  at?: string;

  /** JSON has both languages; Markdown and plain text have one. Default `json`. */
  @ApiProperty({ enum: FORMATS, required: false })
  @IsOptional()
  @IsIn(FORMATS)
  format?: (typeof FORMATS)[number];

  /** Of Markdown and plain text; default what `Accept-Language` prefers. */
  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}

@ApiTags('programmes')
@Controller('v1/programmes/current/terms')
@Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
export class TermsController {
  constructor(
    private readonly configs: ConfigCache,
    private readonly programmes: ProgrammeStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Answers(200, 'Terms', 'text/markdown', 'text/plain')
  @ApiOperation({ summary: 'The terms of the programme in plain words, from what is published' })
  async terms(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { at: asked, format = 'json', lang }: TermsQueryDto,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const at = instantOf(asked) ?? this.clock.now();
    const config = await this.configs.current(programmeId);
    const programme = await this.programmes.find(programmeId);
    const terms = programmeTerms(config, programme?.name ?? '', at);
    if (format === 'json') return void reply.send({ at: formatInstant(at), ...terms });
    const language = lang ?? languageOf(headers['accept-language']);
    const text = format === 'markdown' ? termsMarkdown(terms, language) : termsText(terms, language);
    const type = format === 'markdown' ? 'text/markdown' : 'text/plain';
    void reply.headers(languageHeaders(language)).type(`${type}; charset=utf-8`).send(text);
  }
}

import { Body, Controller, Get, Header, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiKeyStore } from '../keys/index.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, SCOPES, type Caller } from '../platform/http/caller.js';
import { CreateProgrammeDto } from './programme.dto.js';
import { ProgrammeStore, type Programme } from './programme.store.js';

@ApiTags('programmes')
@Controller('v1/programmes')
@Scopes('admin')
export class ProgrammesController {
  constructor(
    private readonly programmes: ProgrammeStore,
    private readonly keys: ApiKeyStore,
  ) {}

  @Get()
  @Scopes(...SCOPES)
  @Answers(200, 'Programmes')
  @ApiOperation({ summary: 'The programme of this key' })
  async list(@CurrentCaller() { programmeId }: Caller) {
    const programme = await this.programmes.find(programmeId);
    return { data: programme ? [view(programme)] : [], nextCursor: null };
  }

  @Post()
  @Answers(201, 'ProgrammeStarted')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Start another programme; answers with its first key, which is shown this once' })
  async create(@CurrentCaller() { keyId }: Caller, @Body() body: CreateProgrammeDto) {
    const programme = await this.programmes.create(body, keyId);
    const { programmeId } = programme;
    const { key } = await this.keys.create({ programmeId, name: 'first key', scopes: SCOPES }, keyId);
    return { ...view(programme), key };
  }
}

function view({ programmeId, name, currency, timeZone, createdAt }: Programme) {
  return { id: programmeId, name, currency, timeZone, createdAt: createdAt.toISOString() };
}

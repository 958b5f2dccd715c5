import { Body, Controller, Delete, Get, Header, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiKeyStore } from '../keys/index.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, SCOPES, type Caller } from '../platform/http/caller.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { booksFromKept, booksFromOf } from './books-from.js';
import { booksBegun } from './books.query.js';
import { CreateProgrammeDto, ProgrammePolicyDto, programmePolicyOf } from './programme.dto.js';
import {
  PROGRAMME_POLICY_KEY,
  programmePolicyKind,
  type PublishedProgrammePolicy,
} from './programme-policy.kind.js';
import { unknownTiers } from './tier-names.js';
import { ProgrammeStore, type Programme } from './programme.store.js';

const POLICY = { kind: programmePolicyKind.name, key: PROGRAMME_POLICY_KEY };

@ApiTags('programmes')
@Controller('v1/programmes')
@Scopes('admin')
export class ProgrammesController {
  constructor(
    private readonly programmes: ProgrammeStore,
    private readonly keys: ApiKeyStore,
    private readonly config: ConfigEndpoint,
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

  @Get('policy')
  @Answers(200, 'ProgrammePolicyVersions')
  @Scopes('admin', 'analyst', 'auditor')
  @ApiOperation({
    summary: 'Every version of the programme policy: point name, expiry, points off the basket',
  })
  policies(@CurrentCaller() caller: Caller) {
    return this.config.list(caller, programmePolicyKind.name);
  }

  @Put('policy/draft')
  @Answers(200, 'ProgrammePolicyVersion')
  @ApiOperation({ summary: 'Write the next version of the policy as a draft' })
  saveDraft(@CurrentCaller() caller: Caller, @Body() body: ProgrammePolicyDto) {
    return this.config.saveDraft(caller, POLICY, programmePolicyOf(body));
  }

  @Post('policy/publish')
  @Answers(200, 'ProgrammePolicyVersion')
  @HttpCode(200)
  @ApiOperation({ summary: 'Publish the draft from an instant on' })
  async publish(@CurrentCaller() caller: Caller, @Body() body: PublishDto) {
    return this.config.publish(caller, POLICY, body, {
      holdsWrites: true,
      refusal: async ({ draft, config, effectiveAt, reader }) => {
        const { tierExpiry = {}, booksFrom = null } = draft.body as unknown as PublishedProgrammePolicy;
        const moved = booksFromKept(booksFromOf(config), booksFrom);
        if (moved && (await booksBegun(reader, caller.programmeId))) return moved;
        return unknownTiers(config, Object.keys(tierExpiry), '/tierExpiry', effectiveAt);
      },
    });
  }

  @Delete('policy/draft')
  @AnswersNothing()
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller) {
    return this.config.discardDraft(caller, POLICY);
  }
}

function view({ programmeId, name, currency, timeZone, createdAt }: Programme) {
  return { id: programmeId, name, currency, timeZone, createdAt: createdAt.toISOString() };
}

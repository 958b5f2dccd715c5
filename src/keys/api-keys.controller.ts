import { Body, Controller, Delete, Get, Header, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator';
import { isId, uuidToId } from '../kernel/ids.js';
import { defineProblems } from '../kernel/problem.js';
import type { Clock } from '../kernel/time.js';
import { IsName } from '../platform/http/name.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, SCOPES, type Caller, type Scope } from '../platform/http/caller.js';
import { IsInstant } from '../platform/http/fields.js';
import { instantOf } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { CLOCK } from '../platform/tokens.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyStore, MAX_KEY_NAME } from './api-key.store.js';

export const keyProblems = defineProblems({
  KEY_NOT_FOUND: { status: 404, title: 'No such key', zhHant: '沒有這把金鑰' },
  LAST_ADMIN_KEY: { status: 409, title: 'No other key can make keys', zhHant: '沒有其他能建立金鑰的金鑰' },
  EXPIRES_IN_PAST: {
    status: 422,
    title: 'The expiry of the key is in the past',
    zhHant: '金鑰的到期時間在過去',
  },
});

export class CreateKeyDto {
  @IsName(MAX_KEY_NAME)
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];

  /** Default: never. */
  @IsOptional()
  @IsInstant()
  expiresAt?: string;
}

@ApiTags('api keys')
@Controller('v1/api-keys')
@Scopes('keys')
export class ApiKeysController {
  constructor(
    private readonly store: ApiKeyStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Answers(201, 'ApiKeyMade')
  // The text of the key is in the answer: no proxy and no browser may keep it.
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Make a key for this programme; its text is shown this once' })
  async create(@CurrentCaller() caller: Caller, @Body() body: CreateKeyDto) {
    const { programmeId, keyId } = caller;
    const expiresAt = instantOf(body.expiresAt);
    if (expiresAt !== null && expiresAt <= this.clock.now()) {
      const detail = 'expiresAt is in the past.';
      const errors = [{ pointer: '/expiresAt', code: 'EXPIRES_IN_PAST', detail }];
      throw new ProblemException(keyProblems.problem('EXPIRES_IN_PAST', detail, { errors }));
    }
    const wanted = {
      programmeId,
      name: body.name,
      scopes: body.scopes,
      expiresAt,
    };
    const { entity, key } = await this.store.create(wanted, keyId);
    return { ...view(entity), key };
  }

  @Get()
  @Answers(200, 'ApiKeys')
  @Scopes('keys', 'admin', 'auditor')
  @ApiOperation({ summary: 'Every key of this programme, without its text' })
  async list(@CurrentCaller() { programmeId }: Caller) {
    return { data: (await this.store.list(programmeId)).map(view), nextCursor: null };
  }

  @Delete(':id')
  @Answers(200, 'ApiKey')
  @ApiOperation({ summary: 'Revoke a key for good; every process obeys within five seconds' })
  async revoke(@CurrentCaller() { programmeId, keyId }: Caller, @Param('id') id: string) {
    const revoked = isId('key', id) ? await this.store.revoke(programmeId, id, keyId) : null;
    if (revoked === 'last') {
      const detail = `${id} is the only key without an end that has the scope keys. Make another one first.`;
      throw new ProblemException(keyProblems.problem('LAST_ADMIN_KEY', detail));
    }
    if (!revoked) throw new ProblemException(keyProblems.problem('KEY_NOT_FOUND', `There is no key ${id}.`));
    return view(revoked);
  }
}

function view(entity: ApiKeyEntity) {
  return {
    id: uuidToId('key', entity.keyId),
    name: entity.name,
    scopes: entity.scopes,
    hint: `${entity.hint}…`,
    createdAt: entity.createdAt.toISOString(),
    createdBy: entity.createdBy,
    line: uuidToId('key', entity.lineKeyId),
    lastUsedAt: entity.lastUsedAt?.toISOString() ?? null,
    expiresAt: entity.expiresAt?.toISOString() ?? null,
    revokedAt: entity.revokedAt?.toISOString() ?? null,
  };
}

import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { DataSource } from 'typeorm';
import { formatInstant, isLocalDate } from '../../kernel/time.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../../platform/http/pagination.js';
import { invalid } from '../../platform/http/validation.js';
import { DATA_SOURCE } from '../../platform/tokens.js';
import { anchorStatement } from '../domain/anchor.js';
import { ANCHORING, type Anchoring } from './anchor-rounds.js';
import { AnchorStore, type StoredAnchor } from './anchor.store.js';

@ApiTags('operations')
@Controller('v1/admin/anchors')
@Scopes('auditor')
export class AnchorsController {
  private readonly store: AnchorStore;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(ANCHORING) private readonly anchoring: Anchoring,
  ) {
    this.store = new AnchorStore(dataSource);
  }

  @Get()
  @Answers(200, 'Anchors')
  @ApiOperation({ summary: 'Signed digests of all account heads, one a day, newest first' })
  async list(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { limit = DEFAULT_PAGE_SIZE, cursor }: PageQueryDto,
  ) {
    if (cursor !== undefined && !isLocalDate(cursor)) {
      throw invalid([
        {
          pointer: '/cursor',
          code: 'NOT_A_CURSOR',
          detail: 'The cursor must be the nextCursor of an earlier page.',
        },
      ]);
    }
    const anchors = await this.store.page(programmeId, cursor ?? null, limit + 1);
    const data = anchors.slice(0, limit).map(anchorView);
    return { data, nextCursor: anchors.length > limit ? (data.at(-1)?.day ?? null) : null };
  }

  @Get('public-key')
  @Answers(200, 'AnchorKeys')
  @ApiOperation({ summary: 'Whether and with which key anchors are signed, and every key that signed any' })
  async publicKey() {
    const { signing } = this.anchoring;
    const keys = (await this.store.keys()).map((key) => ({
      ...key,
      recordedAt: formatInstant(key.recordedAt),
    }));
    if (signing.state === 'unsigned') {
      return { state: signing.state, reason: signing.reason, keyId: null, publicKey: null, keys };
    }
    const { keyId, publicKey } = signing.signer;
    return { state: signing.state, reason: null, keyId, publicKey, keys };
  }
}

/** An anchor as the API shows it. */
function anchorView(anchor: StoredAnchor) {
  return {
    day: anchor.day,
    cutOff: formatInstant(anchor.cutOff),
    accounts: anchor.accounts,
    digest: anchor.digest,
    previousHash: anchor.previousHash,
    hash: anchor.hash,
    /** What is signed. */
    statement: anchorStatement(anchor),
    keyId: anchor.signed?.keyId ?? null,
    /** Base64. */
    signature: anchor.signed?.signature.toString('base64') ?? null,
    recordedAt: formatInstant(anchor.recordedAt),
  };
}

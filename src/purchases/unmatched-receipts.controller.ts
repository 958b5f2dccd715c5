import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, requireScope, Scopes, type Caller } from '../platform/http/caller.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CommandRoute } from '../platform/http/command-route.js';
import { askedPage, shownPage } from '../platform/http/time-list.dto.js';
import { invalid } from '../platform/http/validation.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { PurchaseQueryDto } from './purchase.dto.js';
import { PurchaseQuery } from './purchase.query.js';
import { ClaimReceiptDto, ReturnUnmatchedDto, UnmatchedReceiptsQueryDto } from './unmatched-receipt.dto.js';
import { UnmatchedReceiptStore } from './unmatched-receipt.store.js';
import { unmatchedView } from './unmatched-receipt-view.js';
import { UnmatchedReceipts } from './unmatched-receipts.service.js';

/** A till finds one by its number; these see the others. */
const LISTERS = ['members', 'admin', 'analyst', 'auditor'] as const;

@ApiTags('purchases')
@Controller('v1/purchases')
@Scopes('pos', 'members')
export class UnmatchedReceiptsController {
  constructor(
    private readonly receipts: UnmatchedReceipts,
    private readonly store: UnmatchedReceiptStore,
    private readonly purchases: PurchaseQuery,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('claims')
  @CommandRoute({ 201: 'Purchase' }, PurchaseQueryDto)
  @ApiOperation({
    summary: 'Claim a receipt that was kept without a member: by its number and amount, or by its code',
  })
  claim(@Body() body: ClaimReceiptDto, context: CommandContext): Submission {
    return async (submit) => {
      const outcome = await this.receipts.claim(body, context, submit);
      return context.explain ? this.purchases.explained(context.caller.programmeId, outcome) : outcome;
    };
  }

  @Post('unmatched/returns')
  @HttpCode(200)
  @Answers(200, 'UnmatchedReceipt')
  @Scopes('pos', 'import')
  @ApiOperation({ summary: 'Note that goods of a receipt without a member came back: it cannot be claimed' })
  giveBack(@CurrentCaller() caller: Caller, @Body() body: ReturnUnmatchedDto) {
    return this.receipts.giveBack(body, caller);
  }

  @Get('unmatched')
  @Answers(200, 'UnmatchedReceipts')
  @Scopes('pos', ...LISTERS)
  @ApiOperation({
    summary:
      'Receipts without a member by source, number, state and day, newest first; with pos, one by its number',
  })
  async list(@CurrentCaller() caller: Caller, @Query() query: UnmatchedReceiptsQueryDto) {
    const { source = null, receiptNo = null, state = null } = query;
    if (receiptNo === null || source === null) requireScope(caller, LISTERS);
    if (receiptNo !== null && source === null)
      throw invalid([{ pointer: '/receiptNo', code: 'TOGETHER', detail: 'receiptNo needs its source.' }]);
    const { timeZone } = await this.configs.atLeast(caller.programmeId, 0);
    const page = askedPage(query, 'unm', timeZone);
    const filter = { source, receiptNo, state };
    const kept = await this.store.page(caller.programmeId, page, filter, this.clock.now());
    return shownPage(kept.map(unmatchedView), page);
  }
}

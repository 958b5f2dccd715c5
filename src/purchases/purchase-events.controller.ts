import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CANCELLED, eventName } from '../kernel/pending-policy.js';
import { isId } from '../kernel/ids.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { Scopes } from '../platform/http/caller.js';
import { commandOf } from '../platform/http/command-request.js';
import { instantOf } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { purchaseProblems } from './problems.js';
import { PurchaseEventDto } from './purchase-event.dto.js';
import { reportEvent } from './report-event.handler.js';

@ApiTags('purchases')
@Controller('v1/purchases')
@Scopes('pos', 'admin')
export class PurchaseEventsController {
  @Post(':id/events')
  @CommandRoute({ 200: 'PurchaseEvent' })
  @ApiOperation({ summary: "Report what a receipt's pending points await, or that its order was cancelled" })
  report(
    @Param('id') id: string,
    @Body() { type: name, occurredAt }: PurchaseEventDto,
    context: CommandContext,
  ): Submission {
    if (!isId('pur', id))
      throw new ProblemException(
        purchaseProblems.problem('PURCHASE_NOT_FOUND', `There is no purchase ${id}.`),
      );
    const type = eventName(name);
    const body = { purchaseId: id, type, occurredAt: instantOf(occurredAt) };
    const target = { kind: 'purchase', id } as const;
    const command = commandOf({ type: reportEvent.type, target, body }, context);
    // Where the points wait is found with the rest; it is no part of what is said. What is cancelled lowers a standing.
    const counterparty = { kind: 'waiting', id } as const;
    const wholeStanding = type === CANCELLED;
    return { ...command, counterparty, body: { ...body, wholeStanding } };
  }
}

import { compareDecimals } from '../kernel/decimal.js';
import type { PurchaseId, RedemptionId } from '../kernel/ids.js';
import { parseInstant } from '../kernel/time.js';
import type { Caller } from '../platform/http/caller.js';
import type { CommandContext } from '../platform/http/command-context.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { invalid } from '../platform/http/validation.js';
import type { Command, Target } from '../platform/pipeline/index.js';
import type { LookedUp, RequestedLine, ReturnBody, ReturnRequest } from './domain/return-body.js';
import type { ExchangeBody } from './exchange.handler.js';
import type { PostReturnBody } from './post-return.handler.js';
import { purchaseBody, receiptKey } from './purchase-request.js';
import type {
  ExchangeDto,
  FindReturnDto,
  PostReturnDto,
  ReturnedGoodsDto,
  SoughtLineDto,
} from './return.dto.js';

/** The command behind the return of a known receipt. @throws ProblemException for faults between fields. */
export function returnCommand(
  dto: PostReturnDto,
  purchaseId: PurchaseId,
  lookedUp: LookedUp,
  context: CommandContext,
): Command<PostReturnBody> {
  const target = dto.member
    ? targetOf(dto.member, context.caller)
    : ({ kind: 'purchase', id: purchaseId } as const);
  return command('purchase.return', dto, { purchaseId, target }, lookedUp, context);
}

/** Which receipts a return without an id is about. */
export type Sought =
  | { readonly by: 'number'; readonly key: string }
  | {
      readonly by: 'goods';
      readonly member: Target;
      readonly skus: readonly string[];
      readonly until: number;
    };

/**
 * What to look for. @throws ProblemException unless the receipt is named, or the member and what was sold.
 */
export function soughtBy(dto: FindReturnDto, caller: Caller): Sought {
  if (dto.original) return { by: 'number', key: receiptKey(dto.original) };
  if (!dto.member) {
    const detail = 'Name the original receipt, or the member.';
    throw invalid([{ pointer: '/original', code: 'ONE_OF', detail }]);
  }
  if (dto.whole) {
    const detail = 'A return without its receipt cannot be whole. List the returned lines.';
    throw invalid([{ pointer: '/whole', code: 'NEEDS_ORIGINAL', detail }]);
  }
  if ((dto.lines ?? []).length === 0) {
    const detail = 'A return without its receipt needs lines, by which the receipt is found.';
    throw invalid([{ pointer: '/lines', code: 'NEEDS_ORIGINAL', detail }]);
  }
  const numbered = (dto.lines ?? []).findIndex(({ sku }) => typeof sku !== 'string');
  if (numbered >= 0) {
    const detail = 'A return without its receipt names each line by its sku.';
    throw invalid([{ pointer: `/lines/${numbered}/sku`, code: 'NEEDS_ORIGINAL', detail }]);
  }
  const skus = (dto.lines ?? []).map(({ sku }) => sku as string);
  const member = targetOf(dto.member, caller);
  return { by: 'goods', member, skus, until: parseInstant(dto.occurredAt) as number };
}

/** The command behind a return whose receipts were looked for; `purchaseId` where one was named. */
export function findReturnCommand(
  dto: FindReturnDto,
  purchaseId: PurchaseId | null,
  lookedUp: LookedUp,
  context: CommandContext,
): Command<PostReturnBody> {
  const target = dto.member
    ? targetOf(dto.member, context.caller)
    : ({ kind: 'purchase', id: purchaseId ?? '' } as const);
  return command('purchase.findReturn', dto, { purchaseId, target }, lookedUp, context);
}

/** The command behind an exchange; its claim is the new receipt's. */
export function exchangeCommand(
  dto: ExchangeDto,
  purchaseId: PurchaseId,
  lookedUp: LookedUp,
  context: CommandContext,
): Command<ExchangeBody> {
  const purchase = purchaseBody(dto.purchase, '/purchase');
  const { source, receiptNo, occurredAt } = purchase;
  const request = returnRequest(dto.return, '/return');
  const place = { source, receiptNo, occurredAt, purchaseId, memberNamed: false };
  const said = { return: { ...place, ...inOrder(request) }, purchase };
  const made = commandOf(
    {
      type: 'purchase.exchange',
      target: { kind: 'purchase', id: purchaseId },
      body: said,
      natural: { scope: 'receipt', key: receiptKey(purchase) },
    },
    context,
  );
  const measuresAt = Math.min(lookedUp.earliestAt ?? occurredAt, occurredAt);
  const body = {
    return: { ...place, ...request, lookedUp },
    purchase,
    occurredAt,
    measuresAt,
    wholeStanding: true as const,
  };
  return { ...made, ...placeOf(lookedUp), body };
}

function command(
  type: string,
  dto: PostReturnDto | FindReturnDto,
  about: { readonly purchaseId: PurchaseId | null; readonly target: Target },
  lookedUp: LookedUp,
  context: CommandContext,
): Command<PostReturnBody> {
  const request = returnRequest(dto);
  const { source, receiptNo } = dto;
  const { purchaseId, target } = about;
  const occurredAt = parseInstant(dto.occurredAt) as number;
  const said: Omit<ReturnBody, 'lookedUp'> = {
    ...{ source, receiptNo, occurredAt, purchaseId, ...request },
    memberNamed: Boolean(dto.member),
  };
  const natural = { scope: 'return', key: receiptKey(dto) } as const;
  // The request is what was said, in whatever order; what was looked up for it may be more the next time.
  const body = { ...said, ...inOrder(request) };
  const made = commandOf({ type, target, body, natural }, context);
  const measuresAt = Math.min(lookedUp.earliestAt ?? occurredAt, occurredAt);
  return { ...made, ...placeOf(lookedUp), body: { ...said, lookedUp, measuresAt, wholeStanding: true } };
}

/** Where points wait is found with the rest, in the same snapshot. */
function placeOf({ waiting }: LookedUp): Pick<Command, 'counterparty'> {
  return waiting === null ? {} : { counterparty: { kind: 'waiting', id: waiting } };
}

function returnRequest(
  dto: Pick<ReturnedGoodsDto, 'whole' | 'redemptionIds' | 'spentPoints' | 'onlyPending'> & {
    readonly lines?: readonly SoughtLineDto[];
  },
  pointer = '',
): ReturnRequest {
  const whole = dto.whole ?? false;
  const lines = dto.lines ?? [];
  const redemptionIds = (dto.redemptionIds ?? []) as RedemptionId[];
  const goods = whole || lines.length > 0;
  if ((whole && lines.length > 0) || (!goods && redemptionIds.length === 0)) {
    const detail = whole ? 'Give lines or whole, not both.' : 'A return needs lines, whole or redemptionIds.';
    throw invalid([{ pointer: `${pointer}/lines`, code: 'ONE_OF', detail }]);
  }
  return {
    whole,
    lines: lines.map((line, index) => requestedLine(line, `${pointer}/lines/${index}`)),
    // Left out where it is empty, so that the fingerprint of a request without this field stays as it was.
    ...(redemptionIds.length > 0 ? { redemptionIds } : {}),
    spentPoints: dto.spentPoints ?? null,
    onlyPending: dto.onlyPending ?? false,
  };
}

function requestedLine(line: SoughtLineDto, pointer: string): RequestedLine {
  const lineNo = line.lineNo ?? null;
  const sku = line.sku ?? null;
  const quantity = line.quantity ?? null;
  const amountMinor = line.amountMinor ?? null;
  if ((lineNo === null) === (sku === null))
    throw invalid([{ pointer, code: 'ONE_OF', detail: 'Give exactly one of lineNo and sku.' }]);
  if ((quantity === null) === (amountMinor === null))
    throw invalid([{ pointer, code: 'ONE_OF', detail: 'Give exactly one of quantity and amountMinor.' }]);
  if (quantity !== null && compareDecimals(quantity, '0') <= 0) {
    const detail = 'The quantity must be above 0.';
    throw invalid([{ pointer: `${pointer}/quantity`, code: 'NOT_POSITIVE', detail }]);
  }
  return { lineNo, sku, quantity, amountMinor };
}

/** A request whatever the order in which its parts were said. */
function inOrder(request: ReturnRequest): ReturnRequest {
  const { lines, redemptionIds } = request;
  const key = ({ lineNo, sku }: RequestedLine) => (sku === null ? lineNo : sku);
  return {
    ...request,
    lines: [...lines].sort((a, b) => ((key(a) ?? 0) < (key(b) ?? 0) ? -1 : 1)),
    ...(redemptionIds ? { redemptionIds: [...redemptionIds].sort() } : {}),
  };
}

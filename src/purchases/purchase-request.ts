import { compareDecimals } from '../kernel/decimal.js';
import type { PurchaseLine, Tender, TerminalNumber } from '../kernel/domain-events.js';
import type { RedemptionId } from '../kernel/ids.js';
import { kindOfType } from '../kernel/points-paid.js';
import { wordForm } from '../kernel/texts.js';
import { parseInstant } from '../kernel/time.js';
import type { CommandContext } from '../platform/http/command-context.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { invalid } from '../platform/http/validation.js';
import type { Command } from '../platform/pipeline/index.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import type { MemberReceipt, PurchaseLineDto, ReceiptDto, TenderDto } from './purchase.dto.js';

/** The command behind a receipt that passed the checks of form. @throws ProblemException for those between fields. */
export function purchaseCommand(dto: MemberReceipt, context: CommandContext): Command<PurchaseBody> {
  const body = purchaseBody(dto);
  const target = targetOf(dto.member, context.caller);
  const natural = { scope: 'receipt', key: receiptKey(body) } as const;
  return commandOf({ type: 'purchase.post', target, body, natural }, context);
}

/** A receipt's place among all claims: its source and number, kept apart by a character neither can hold. */
export function receiptKey({ source, receiptNo }: Pick<PurchaseBody, 'source' | 'receiptNo'>): string {
  return `${source}\n${receiptNo}`;
}

/**
 * A receipt with all its defaults.
 * @param pointer where it stands in the request body.
 * @throws ProblemException for faults between fields.
 */
export function purchaseBody(dto: ReceiptDto, pointer = ''): PurchaseBody {
  for (const [index, line] of dto.lines.entries()) {
    const fault = faultOf(line);
    if (fault === null) continue;
    const { field, code, detail } = fault;
    throw invalid([{ pointer: `${pointer}/lines/${index}/${field}`, code, detail }]);
  }
  const named = new Set(dto.redemptionIds ?? []);
  const unnamed = dto.lines.findIndex(({ redemptionId }) => redemptionId && !named.has(redemptionId));
  if (unnamed >= 0) {
    const place = `${pointer}/lines/${unnamed}/redemptionId`;
    const detail = 'The redemption of a line must be one of redemptionIds.';
    throw invalid([{ pointer: place, code: 'NOT_IN_REDEMPTION_IDS', detail }]);
  }
  const terminal = terminalOf(dto, pointer);
  const body: PurchaseBody = {
    source: dto.source,
    receiptNo: dto.receiptNo,
    occurredAt: parseInstant(dto.occurredAt) as number,
    currency: dto.currency,
    channel: dto.channel ?? null,
    lines: [...dto.lines]
      .sort((a, b) => a.lineNo - b.lineNo)
      .map((line) => ({
        lineNo: line.lineNo,
        sku: line.sku,
        category: line.category ?? null,
        brand: line.brand ?? null,
        quantity: line.quantity ?? '1',
        ...ofReward(line),
        amountMinor: line.amountMinor,
        taxMinor: line.taxMinor ?? 0,
        ...priceParts(line),
        attributes: line.attributes ?? {},
      })),
    tenders: (dto.tenders ?? []).map(tenderOf),
    redemptionIds: (dto.redemptionIds ?? []) as RedemptionId[],
    attributes: dto.attributes ?? {},
  };
  return terminal === null ? body : { ...body, terminal };
}

/** @throws ProblemException VALIDATION_FAILED where a receipt has one of the two fields alone. */
function terminalOf({ terminalId, terminalSequence }: ReceiptDto, pointer: string): TerminalNumber | null {
  if (terminalId !== undefined && terminalSequence !== undefined)
    return { id: terminalId, sequence: terminalSequence };
  if (terminalId === undefined && terminalSequence === undefined) return null;
  const field = terminalId === undefined ? 'terminalId' : 'terminalSequence';
  const detail = 'terminalId and terminalSequence come together.';
  throw invalid([{ pointer: `${pointer}/${field}`, code: 'TOGETHER', detail }]);
}

/** Nothing rewarded is nothing said, as on receipts of the time before these fields. */
function ofReward({
  rewardedQuantity,
  redemptionId,
}: PurchaseLineDto): Pick<PurchaseLine, 'rewardedQuantity' | 'redemptionId'> {
  const rewarded = rewardedQuantity && compareDecimals(rewardedQuantity, '0') > 0;
  return {
    ...(rewarded ? { rewardedQuantity } : {}),
    ...(redemptionId ? { redemptionId: redemptionId as RedemptionId } : {}),
  };
}

/** What is said of a line's price and kind; what is not said stays away, as on receipts of the time before the fields. */
function priceParts({
  listMinor,
  revenue,
  commissionMinor,
  commissionTaxMinor = 0,
}: PurchaseLineDto): Partial<PurchaseLine> {
  return {
    ...(listMinor === undefined ? {} : { listMinor }),
    ...(revenue === undefined ? {} : { revenue }),
    ...(commissionMinor === undefined ? {} : { commissionMinor }),
    ...(commissionTaxMinor === 0 ? {} : { commissionTaxMinor }),
  };
}

/** `Points` is the tender of points, too; what says no more than its type is kept without a kind. */
function tenderOf({ type, kind = kindOfType(wordForm(type)), amountMinor }: TenderDto): Tender {
  return kind === kindOfType(type) ? { type, amountMinor } : { type, kind, amountMinor };
}

/** What is wrong between the fields of a line; null where nothing is. */
function faultOf({
  quantity,
  rewardedQuantity,
  amountMinor,
  taxMinor = 0,
  listMinor,
  commissionMinor = 0,
  commissionTaxMinor = 0,
}: PurchaseLineDto): { readonly field: string; readonly code: string; readonly detail: string } | null {
  if (taxMinor > amountMinor) {
    return {
      field: 'taxMinor',
      code: 'TAX_EXCEEDS_AMOUNT',
      detail: 'The tax is part of amountMinor and cannot be more.',
    };
  }
  if (compareDecimals(rewardedQuantity ?? '0', quantity ?? '1') > 0) {
    const detail = 'The rewarded quantity is part of quantity and cannot be more.';
    return { field: 'rewardedQuantity', code: 'REWARDED_EXCEEDS_QUANTITY', detail };
  }
  if (listMinor !== undefined && listMinor < amountMinor) {
    const detail =
      'listMinor is the list price of the whole line, tax included, and no less than amountMinor.';
    return { field: 'listMinor', code: 'LIST_BELOW_AMOUNT', detail };
  }
  if (commissionTaxMinor > commissionMinor) {
    const detail = 'The tax is part of commissionMinor and cannot be more.';
    return { field: 'commissionTaxMinor', code: 'TAX_EXCEEDS_COMMISSION', detail };
  }
  return null;
}

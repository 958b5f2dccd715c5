import { isId, type RedemptionId } from '../../kernel/ids.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import {
  amountLeft,
  isBack,
  lineState,
  quantityLeft,
  returnAmount,
  returnRest,
  returnUnits,
  type LineState,
  type LineStep,
} from './line-state.js';
import { isWholeBack } from './points-back.js';
import { quantityText, quantityUnits } from './quantity.js';
import type { RecordedPurchase } from './recorded-purchase.js';
import type { RequestedLine, ReturnRequest } from './return-body.js';
import type { ReturnedLine } from './return-facts.js';

/** What comes back of one receipt. */
export interface PlannedReturn {
  readonly purchase: RecordedPurchase;
  readonly returned: readonly ReturnedLine[];
  /** Its lines before this return, and after it. */
  readonly before: readonly LineState[];
  readonly lines: readonly LineState[];
  /** Nothing of it is left, and something was before. */
  readonly whole: boolean;
  /** Its rewards that the till names: they come back whole. */
  readonly restores: ReadonlySet<RedemptionId>;
}

/** Why goods cannot be taken back. */
export type ReturnFault =
  | { readonly type: 'nothingLeft' }
  | { readonly type: 'unknownLine'; readonly index: number }
  /** `index` is that of the named redemptions. */
  | { readonly type: 'unknownRedemption'; readonly index: number }
  | {
      readonly type: 'moreThanLeft';
      /** Which of the requested lines. */
      readonly index: number;
      readonly left: { readonly quantity: string; readonly amountMinor: number };
    };

/**
 * What comes back of which receipt. A reward that is named comes back of the receipt that used it, with goods or
 * without. Lines by number are those of the only receipt; lines by what was sold are
 * looked for in all of them, one receipt after the other, and none gives more than it has left.
 * @param purchases in the order in which they are asked.
 */
export function planReturn(
  purchases: readonly RecordedPurchase[],
  request: Pick<ReturnRequest, 'whole' | 'lines' | 'redemptionIds'>,
): Result<readonly PlannedReturn[], ReturnFault> {
  const drafts = purchases.map((purchase) => new Draft(purchase));
  const goods = request.whole || request.lines.length > 0;
  if (goods && drafts.length > 0 && drafts.every((draft) => draft.isUsedUp))
    return refuse({ type: 'nothingLeft' });
  if (request.whole) for (const draft of drafts) draft.takeRest();
  for (const [index, wanted] of request.lines.entries()) {
    const places = drafts.flatMap((draft) => draft.placesOf(wanted));
    if (places.length === 0) return refuse({ type: 'unknownLine', index });
    const left = wanted.quantity === null ? takeAmount(places, wanted) : takeUnits(places, wanted);
    if (left) return refuse({ type: 'moreThanLeft', index, left });
  }
  for (const [index, redemptionId] of (request.redemptionIds ?? []).entries()) {
    const draft = drafts.find((each) => each.used(redemptionId));
    if (!draft) return refuse({ type: 'unknownRedemption', index });
    draft.restore(redemptionId);
  }
  return ok(drafts.filter((draft) => draft.isTouched).map((draft) => draft.planned()));
}

/** A line of one of the receipts, while the return is put together. */
interface Place {
  readonly state: LineState;
  take(step: LineStep): void;
}

type Left = { readonly quantity: string; readonly amountMinor: number };

function takeUnits(places: readonly Place[], { quantity }: RequestedLine): Left | null {
  let wanted = quantityUnits(quantity ?? '0');
  const left = leftOf(places);
  for (const place of places) {
    const units = wanted < quantityLeft(place.state) ? wanted : quantityLeft(place.state);
    if (units > 0n) place.take(returnUnits(place.state, units));
    wanted -= units;
  }
  return wanted > 0n ? left : null;
}

function takeAmount(places: readonly Place[], { amountMinor }: RequestedLine): Left | null {
  let wanted = amountMinor ?? 0;
  const left = leftOf(places);
  for (const place of places) {
    const amount = Math.min(wanted, amountLeft(place.state));
    if (amount > 0) place.take(returnAmount(place.state, amount));
    wanted -= amount;
  }
  return wanted > 0 ? left : null;
}

function leftOf(places: readonly Place[]): Left {
  return {
    quantity: quantityText(places.reduce((sum, { state }) => sum + quantityLeft(state), 0n)),
    amountMinor: places.reduce((sum, { state }) => sum + amountLeft(state), 0),
  };
}

/** A receipt's lines while a return takes from them. */
class Draft {
  private readonly before: readonly LineState[];
  private readonly states: Map<number, LineState>;
  private readonly returned: ReturnedLine[] = [];
  private readonly restores = new Set<RedemptionId>();
  private readonly usedUpBefore: boolean;
  private touched = false;

  constructor(private readonly purchase: RecordedPurchase) {
    const returned = purchase.returns.flatMap(({ lines }) => lines);
    this.before = purchase.facts.lines.map((line) => lineState(line, returned));
    this.states = new Map(this.before.map((state) => [state.line.lineNo, state]));
    this.usedUpBefore = this.isUsedUp;
  }

  /** Everything came back before. A receipt of nothing but empty lines can come back once. */
  get isUsedUp(): boolean {
    // An undo brings no goods back.
    const isReturned = this.purchase.returns.some(({ returnId }) => isId('ret', returnId));
    return isReturned && [...this.states.values()].every(isBack);
  }

  get isTouched(): boolean {
    return this.touched;
  }

  placesOf({ lineNo, sku }: RequestedLine): Place[] {
    return [...this.states.values()]
      .filter(({ line }) => (lineNo === null ? line.sku === sku : line.lineNo === lineNo))
      .map(({ line }) => this.place(line.lineNo));
  }

  takeRest(): void {
    this.touched = true;
    for (const state of this.states.values()) {
      if (!isBack(state)) this.take(returnRest(state));
    }
  }

  used(redemptionId: RedemptionId): boolean {
    return this.purchase.facts.redemptionIds.includes(redemptionId);
  }

  restore(redemptionId: RedemptionId): void {
    this.touched = true;
    this.restores.add(redemptionId);
  }

  planned(): PlannedReturn {
    const { purchase, returned, before, restores } = this;
    const lines = [...this.states.values()];
    return { purchase, returned, before, lines, whole: !this.usedUpBefore && isWholeBack(lines), restores };
  }

  private place(lineNo: number): Place {
    const state = () => this.states.get(lineNo) as LineState;
    const take = (step: LineStep) => this.take(step);
    return {
      get state() {
        return state();
      },
      take,
    };
  }

  private take({ returned, after }: LineStep): void {
    this.touched = true;
    this.returned.push(returned);
    this.states.set(returned.lineNo, after);
  }
}

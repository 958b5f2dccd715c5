import { formatInstant, type Instant } from '../../kernel/time.js';
import type { Basket } from './basket.js';
import { concurrently } from './concurrently.js';
import { ApiError, problemText, type LaurelApi } from './laurel-api.js';
import type { Fault } from './row.js';
import { untilDone, type Patience } from './retry.js';

/** Enrolments under way at a time. */
export const ENROL_CONCURRENCY = 16;
/** Members remembered as known; past it all are forgotten, which costs a request each and nothing else. */
const MEMORY_LIMIT = 1_000_000;

/** Enrols members for their first receipt that can go in, and remembers the members it has dealt with. */
export class MemberEnroller {
  enrolled = 0;
  private readonly known = new Map<string, Fault | null>();

  constructor(
    private readonly api: LaurelApi,
    private readonly patience: Patience,
    private readonly stop: AbortSignal,
  ) {}

  /**
   * Enrols all members that these baskets name, as of their first one; baskets come in chronological order.
   * @returns the fault by member for those the server will not take
   */
  async enrolAll(
    baskets: readonly Pick<Basket, 'member' | 'occurredAt'>[],
  ): Promise<ReadonlyMap<string, Fault>> {
    if (this.known.size > MEMORY_LIMIT) this.known.clear();
    const first = new Map<string, Instant>();
    for (const { member, occurredAt } of baskets) if (!first.has(member)) first.set(member, occurredAt);
    const waiting = [...first].filter(([member]) => !this.known.has(member)).values();
    await concurrently(waiting, ENROL_CONCURRENCY, async ([member, occurredAt]) => {
      this.known.set(member, await this.enrol(member, occurredAt));
    });
    const faults = [...first.keys()].map((member) => [member, this.known.get(member) ?? null] as const);
    return new Map(faults.filter((entry): entry is [string, Fault] => entry[1] !== null));
  }

  private async enrol(externalId: string, occurredAt: Instant): Promise<Fault | null> {
    let fault: Fault | null = null;
    const attempt = async (): Promise<'done'> => {
      const enrolledAt = formatInstant(occurredAt);
      const { status, body } = await this.api.json('POST', '/v1/members', { externalId, enrolledAt });
      const code = (body as { code?: unknown } | null)?.code;
      if (status === 401 || status === 403) {
        throw new ApiError(`the server refused to enrol: ${status} ${problemText(body)}`, false, null);
      }
      if (status === 500) throw new ApiError(`the server failed to enrol: ${problemText(body)}`, true, null);
      if (status === 200 || status === 201) this.enrolled += 1;
      else if (code !== 'MEMBER_ALREADY_EXISTS') {
        const reason = `The member could not be enrolled: ${problemText(body)}`;
        fault = { code: typeof code === 'string' ? code : `HTTP_${status}`, reason };
      }
      return 'done';
    };
    await untilDone(attempt, () => false, this.patience, this.stop);
    return fault;
  }
}

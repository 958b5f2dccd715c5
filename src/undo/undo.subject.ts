import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  CHANGE_REQUEST_LIFE_MS,
  ChangeRequestStore,
  ChangeSubjects,
  changeRequestNotFound,
  changeRequestView,
  contentDigest,
  decisionRefusal,
  type ChangeRequest,
  type ChangeSubject,
} from '../change-requests/index.js';
import { idToUuid, uuidToId, type IdSource } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { formatInstant, parseInstant, type Clock } from '../kernel/time.js';
import type { Caller, Scope } from '../platform/http/caller.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import type { UndoFigures, UndoOrder } from './domain/undo.js';
import { UndoStore } from './undo.store.js';

const NAME = 'undo';

/** Undos wait for a second person, whatever the policy says: points that were given are taken from members. */
@Injectable()
export class UndoSubject implements ChangeSubject, OnModuleInit {
  readonly name = NAME;

  constructor(
    private readonly requests: ChangeRequestStore,
    private readonly subjects: ChangeSubjects,
    private readonly undos: UndoStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  onModuleInit(): void {
    this.subjects.add(this);
  }

  scopesFor(): readonly Scope[] {
    return ['admin'];
  }

  /** Asks for an undo; the same one, asked for again by a key of the same line, is the same request. */
  async ask({ programmeId, keyId, line }: Caller, order: UndoOrder, figures: UndoFigures) {
    const now = this.clock.now();
    const content = contentOf(order);
    const request: ChangeRequest = {
      requestId: this.ids.next('chr'),
      subject: NAME,
      subjectId: order.rule.id,
      digest: contentDigest(content),
      baseVersion: order.rule.version,
      before: { ...figures },
      content,
      requestedBy: keyId,
      requestedAt: now,
      makerLines: [line],
      effectiveAt: null,
      expiresAt: now + CHANGE_REQUEST_LIFE_MS,
      state: 'open',
      decision: null,
    };
    const step = { programmeId, actor: keyId, now, ids: this.ids };
    return this.requests.transaction(programmeId, async (manager) => {
      const open = await this.requests.open(manager, programmeId, NAME, request.subjectId);
      const same = open.find(
        (other) =>
          other.digest === request.digest &&
          decisionRefusal(other, 'withdraw', { keyId, line }, now) === null,
      );
      if (same) return changeRequestView(same, now);
      await this.requests.add(manager, step, request);
      return changeRequestView(request, now);
    });
  }

  /** Begins the undo; its job takes the points back, and its id is that of the request under a prefix of its own. */
  async apply(
    { requestId }: ChangeRequest,
    { programmeId, keyId, line }: Caller,
    note: string | null,
  ): Promise<Result<ChangeRequest, Problem>> {
    return this.requests.transaction(programmeId, async (manager) => {
      const request = await this.requests.lock(manager, programmeId, requestId);
      if (!request) return refuse(changeRequestNotFound(requestId));
      const now = this.clock.now();
      const refusal = decisionRefusal(request, 'approve', { keyId, line }, now);
      if (refusal) return refuse(refusal);
      await this.undos.add(manager, {
        ...orderIn(request),
        undoId: uuidToId('und', idToUuid(requestId)),
        programmeId,
        state: 'running',
        startedBy: keyId,
        startedAt: now,
        receipts: Number(request.before?.['receipts'] ?? 0),
        ...{ refused: 0, endedAt: null, endedBy: null },
      });
      const step = { programmeId, actor: keyId, now, ids: this.ids };
      return ok(await this.requests.end(manager, step, request, 'applied', note));
    });
  }
}

function contentOf({ rule, from, until, reason }: UndoOrder) {
  return {
    ruleId: rule.id,
    version: rule.version,
    from: formatInstant(from),
    until: formatInstant(until),
    reason,
  };
}

function orderIn({ content }: ChangeRequest): UndoOrder {
  const { ruleId, version, from, until, reason } = content as ReturnType<typeof contentOf>;
  const instant = (text: string) => parseInstant(text) as number;
  return { rule: { id: ruleId, version }, from: instant(from), until: instant(until), reason };
}

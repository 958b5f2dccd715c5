import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { IdSource, KeyId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Clock } from '../kernel/time.js';
import { ApiKeyStore } from '../keys/index.js';
import { REQUIRED_SCOPES, type Caller, type Scope } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { ConfigKinds } from '../platform/versioned-config/config-kinds.js';
import type { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import type { ConfigAct, ConfigAddress } from '../platform/versioned-config/config-act.js';
import {
  GateHolder,
  type AskedPublication,
  type GateAnswer,
  type PublicationGate,
} from '../platform/versioned-config/publication-gate.js';
import { programmePolicyInForce, programmePolicyKind } from '../programmes/index.js';
import { decisionRefusal } from './decision-refusal.js';
import { changeRequestNotFound } from './change-request-not-found.js';
import { changeRequestView } from './change-request-view.js';
import { ChangeRequestStore } from './change-request.store.js';
import { ChangeSubjects, type ChangeSubject } from './change-subject.js';
import {
  CHANGE_REQUEST_LIFE_MS,
  type ChangeRequest,
  type ChangeRequestId,
  type Decider,
} from './domain/change-request.js';
import { contentDigest } from './domain/content-digest.js';
import { needsSecondPerson } from './domain/second-person.js';
import { changeRequestProblems } from './problems.js';

const NAME = 'publication';

/** Publications of the kinds of configuration for which the programme's policy wants two persons. */
@Injectable()
export class PublicationSubject implements ChangeSubject, PublicationGate, OnModuleInit {
  readonly name = NAME;

  constructor(
    private readonly store: ChangeRequestStore,
    private readonly subjects: ChangeSubjects,
    private readonly gates: GateHolder,
    private readonly kinds: ConfigKinds,
    private readonly endpoint: ConfigEndpoint,
    private readonly keys: ApiKeyStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  onModuleInit(): void {
    this.subjects.add(this);
    this.gates.gate = this;
  }

  /** Those of the kind's own publication. */
  scopesFor({ subjectId }: ChangeRequest): readonly Scope[] {
    const { hooks } = this.offered(addressOf(subjectId).kind);
    return (Reflect.getMetadata(REQUIRED_SCOPES, hooks.constructor) ?? []) as readonly Scope[];
  }

  async apply(
    request: ChangeRequest,
    caller: Caller,
    note: string | null,
  ): Promise<Result<ChangeRequest, Problem>> {
    const address = addressOf(request.subjectId);
    const body = request.content['publish'] as PublishDto;
    const check = await this.offered(address.kind).hooks.publishCheck?.(caller, body);
    const approves = JSON.stringify({ id: request.requestId, line: caller.line, note });
    try {
      await this.endpoint.publish(caller, address, body, { check, approves });
    } catch (error) {
      if (error instanceof ProblemException)
        return refuse(await this.asLapsed(error.problem, request, caller));
      throw error;
    }
    const applied = await this.store.find(caller.programmeId, request.requestId);
    return ok(applied ?? request);
  }

  async answer(manager: EntityManager, asked: AskedPublication): Promise<GateAnswer> {
    if (asked.said.approves !== null) return this.approved(manager, asked, asked.said.approves);
    const { act, draft, config } = asked;
    const isPolicy = draft.kind === programmePolicyKind.name;
    const drafted = isPolicy ? ((draft.body['twoPersons'] as readonly string[] | undefined) ?? []) : null;
    const policy = programmePolicyInForce(config, act.now);
    if (!needsSecondPerson(draft.kind, policy.twoPersons, drafted)) return { kind: 'open' };
    const lines = await this.keys.lines(act.programmeId);
    const request = requestOf(asked, lines);
    const open = await this.store.open(manager, act.programmeId, NAME, request.subjectId);
    const same = open.filter(
      ({ digest, baseVersion }) => digest === request.digest && baseVersion === request.baseVersion,
    );
    const by = deciderOf(act, lines);
    const author = lines.get(draft.createdBy);
    // The key that publishes another line's draft is the second person.
    if (author !== undefined && author !== by.line) return this.agreed(manager, act, same, by);
    const own = same.find((one) => decisionRefusal(one, 'withdraw', by, act.now) === null);
    if (own) return { kind: 'held', request: changeRequestView(own, act.now) };
    for (const other of open)
      await this.store.end(manager, act, other, 'lapsed', 'Another request replaced it.');
    await this.store.add(manager, act, request);
    return { kind: 'held', request: changeRequestView(request, act.now) };
  }

  /** Whatever became of the draft or of the versions before it, requests about them rest on nothing any more. */
  async moved(manager: EntityManager, act: ConfigAct, address: ConfigAddress): Promise<void> {
    const open = await this.store.open(manager, act.programmeId, NAME, `${address.kind}/${address.key}`);
    for (const request of open) await this.store.end(manager, act, request, 'lapsed', 'Its base moved.');
  }

  /** The draft of another line is published; the request that asked for the same has come to that. */
  private agreed(
    manager: EntityManager,
    act: ConfigAct,
    same: readonly ChangeRequest[],
    by: Decider,
  ): GateAnswer {
    const request = same.find((one) => decisionRefusal(one, 'approve', by, act.now) === null);
    if (!request) return { kind: 'open' };
    const published = async () => {
      await this.store.end(manager, act, request, 'applied');
    };
    return { kind: 'open', published };
  }

  /** The decision again, now that nothing comes in between any more. */
  private async approved(
    manager: EntityManager,
    asked: AskedPublication,
    approves: string,
  ): Promise<GateAnswer> {
    const { id, line, note } = JSON.parse(approves) as {
      id: ChangeRequestId;
      line: KeyId;
      note: string | null;
    };
    const { act } = asked;
    const request = await this.store.lock(manager, act.programmeId, id);
    if (!request) return { kind: 'refused', problem: changeRequestNotFound(id) };
    const refusal = decisionRefusal(request, 'approve', { keyId: act.actor, line }, act.now);
    if (refusal) return { kind: 'refused', problem: refusal };
    const now = requestOf(asked, new Map());
    if (now.digest !== request.digest || now.baseVersion !== request.baseVersion) {
      await this.store.end(manager, act, request, 'lapsed', 'Its base moved.');
      return { kind: 'refused', problem: lapsed(id) };
    }
    const published = async () => {
      await this.store.end(manager, act, request, 'applied', note);
    };
    return { kind: 'open', published };
  }

  /** A draft that is gone is the base that moved. */
  private async asLapsed(
    problem: Problem,
    request: ChangeRequest,
    { programmeId, keyId }: Caller,
  ): Promise<Problem> {
    if (problem.code !== 'NO_DRAFT') return problem;
    await this.store.transaction(programmeId, async (manager) => {
      const found = await this.store.lock(manager, programmeId, request.requestId);
      const step = { programmeId, actor: keyId, now: this.clock.now(), ids: this.ids };
      if (found?.state === 'open') await this.store.end(manager, step, found, 'lapsed', 'Its base moved.');
    });
    return lapsed(request.requestId);
  }

  private offered(kind: string) {
    const offered = this.kinds.all().get(kind);
    if (!offered) throw new Error(`no module publishes ${kind}`);
    return offered;
  }
}

/** What is asked for as a request; `effectiveAt` is kept where it was said and is to come. */
function requestOf(
  { act, draft, base, effectiveAt, said }: AskedPublication,
  lines: ReadonlyMap<string, KeyId>,
): ChangeRequest {
  const { kind, key, version, body } = draft;
  const content = { kind, key, version, definition: body, publish: said.body };
  const makerLines = [act.actor, draft.createdBy].flatMap((by) => lines.get(by) ?? []);
  return {
    requestId: act.ids.next('chr'),
    subject: NAME,
    subjectId: `${kind}/${key}`,
    digest: contentDigest(content),
    baseVersion: base?.version ?? null,
    before: base?.body ?? null,
    content,
    requestedBy: act.actor,
    requestedAt: act.now,
    makerLines: [...new Set(makerLines)],
    effectiveAt: effectiveAt > act.now ? effectiveAt : null,
    expiresAt: act.now + CHANGE_REQUEST_LIFE_MS,
    state: 'open',
    decision: null,
  };
}

/** The line of a tool on this machine, which has no key, is none that made anything. */
function deciderOf({ actor }: ConfigAct, lines: ReadonlyMap<string, KeyId>): Decider {
  return { keyId: actor, line: lines.get(actor) ?? (actor as KeyId) };
}

function addressOf(subjectId: string): ConfigAddress {
  const at = subjectId.indexOf('/');
  return { kind: subjectId.slice(0, at), key: subjectId.slice(at + 1) };
}

function lapsed(id: ChangeRequestId): Problem {
  return changeRequestProblems.problem('CHANGE_LAPSED', `The base of ${id} moved; ask for the change again.`);
}

import { readFile } from 'node:fs/promises';
import type { INestApplication } from '@nestjs/common';
import { definition } from '../../src/composition.js';
import { AUDITED_ACTIONS } from '../../src/kernel/audited-actions.js';
import { Commands } from '../../src/platform/http/commands.js';
import { Pipeline } from '../../src/platform/pipeline/index.js';
import { openApiText, openApiDocument } from '../../src/openapi.js';
import { askForEverything } from '../builders/every-operation.js';
import { answeredOperations } from '../harness/answer-contract.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('the OpenAPI document', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.close());

  it('is committed as docs/openapi.json; run `npm run openapi` when the API changed', async () => {
    const committed = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(openApiText(engine.engine.app))).toEqual(JSON.parse(committed));
  });

  it('has every route of the core contract', () => {
    const { paths } = openApiDocument(engine.engine.app);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/members',
        '/v1/members/{id}',
        '/v1/members/{id}/balance',
        '/v1/members/{id}/lots',
        '/v1/members/{id}/movements',
        '/v1/members/{id}/standing',
        '/v1/purchases',
        '/v1/purchases:batch',
        '/v1/purchases/{id}/returns',
        '/v1/purchases/{id}/exchanges',
        '/v1/returns',
        '/v1/returns/{id}',
        '/v1/purchases/{id}/events',
        '/v1/adjustments',
        '/v1/adjustments/{id}/approve',
        '/v1/adjustment-reasons',
        '/v1/members/{id}/lots/{lotId}/extend',
        '/v1/redemptions',
        '/v1/redemptions/{id}/capture',
        '/v1/redemptions/{id}/void',
        '/v1/rewards',
        '/v1/earning-rules',
        '/v1/tier-sets',
        '/v1/programmes',
        '/v1/finance/liability',
        '/v1/finance/lots',
        '/v1/finance/roll-forward',
        '/v1/finance/journal',
        '/v1/finance/tie-out',
        '/v1/events',
        '/v1/api-keys',
        '/v1/admin/dead-letters',
        '/v1/admin/dead-letters/{listener}/{eventId}/discard',
        '/v1/admin/dead-letters/{listener}/{eventId}/retry',
        '/v1/admin/jobs',
        '/v1/admin/jobs/{name}/run',
        '/v1/admin/listeners',
        '/v1/admin/verify',
        '/v1/admin/verify-runs',
        '/v1/admin/verify-runs/{id}',
        '/v1/admin/anchors',
        '/v1/admin/anchors/public-key',
      ]),
    );
  });

  it('says of every operation what it answers, in a schema, how it refuses, and which keys it takes', () => {
    const { paths } = openApiDocument(engine.engine.app);
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        ...operation,
      })),
    );
    const faults = operations.flatMap(({ name, responses, security, requestBody }) => {
      const good = Object.entries(responses).filter(([status]) => /^2\d\d$/.test(status));
      const silent = good.filter(([status, { content }]) => status !== '204' && !content);
      return [
        ...(good.length === 0 || silent.length > 0 ? [`${name}: no schema`] : []),
        ...(responses['default']?.content?.['application/problem+json'] ? [] : [`${name}: no refusal`]),
        ...(name.includes(' /v1/') === security.length > 0 ? [] : [`${name}: no scopes`]),
        ...(requestBody?.content['application/json']?.schema.$ref === '#/components/schemas/Object'
          ? [`${name}: no body`]
          : []),
      ];
    });
    expect(faults).toEqual([]);
    expect(operations.length).toBeGreaterThan(90);
  });

  it('promises what is really answered, of every operation', async () => {
    const submitted = submissionsOf(engine.engine.app);
    await askForEverything(engine.api);
    // Only lines of a stream and jobs come without a route of their own.
    expect([...submitted.elsewhere].toSorted()).toEqual(['opening.bringIn', 'purchase.post']);
    // Those of jobs and of a stream. What follows an adjustment whose points went to other accounts comes both ways.
    const others = [
      'account.applyDue',
      'account.announce',
      'member.planGifts',
      'opening.bringIn',
      'adjustment.takeElsewhere',
      'purchase.undoGrants',
    ];
    const submittedTypes = new Set([...submitted.byRoute, ...others]);
    expect([...submittedTypes].toSorted()).toEqual([...definition.handlers.keys()].toSorted());
    const { paths } = openApiDocument(engine.engine.app);
    const all = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    // They need a run that was broken off, background work, and a listener that failed: specs of their own have them.
    const elsewhere = [
      ...['POST /v1/admin/verify-runs/{id}/resume', 'POST /v1/admin/jobs/{name}/run'],
      'POST /v1/admin/dead-letters/{listener}/{eventId}/retry',
      'POST /v1/admin/dead-letters/{listener}/{eventId}/discard',
    ];
    expect([...answeredOperations(), ...elsewhere].toSorted()).toEqual(all.toSorted());
  });

  it('comes with an audit log in which every action was written by now', async () => {
    const written = await engine.asOwner<{ action: string }>('SELECT DISTINCT a.action FROM audit_log a');
    // Migrations of keys write these: two-lines.e2e-spec.ts has them.
    const migrated = ['key.scopes_kept', 'key.line_noted', 'key.scopes_joined'];
    // Of background work: jobs.e2e-spec.ts and listeners.e2e-spec.ts have them.
    const background = ['job.requested', 'deadLetter.retried', 'deadLetter.discarded'];
    const actions = [...written.map(({ action }) => action), ...migrated, ...background];
    expect(actions.toSorted()).toEqual([...AUDITED_ACTIONS].toSorted());
  });
});

/** Types of commands by their way into the pipeline: through a command route, or past it; one request at a time. */
function submissionsOf(app: INestApplication) {
  const byRoute = new Set<string>();
  const elsewhere = new Set<string>();
  const commands = app.get(Commands);
  const pipeline = app.get(Pipeline);
  const carryOut = commands.carryOut.bind(commands);
  const submit = pipeline.submit.bind(pipeline);
  let underWay = 0;
  commands.carryOut = async (submission) => {
    underWay += 1;
    try {
      return await carryOut(submission);
    } finally {
      underWay -= 1;
    }
  };
  pipeline.submit = (command) => {
    (underWay > 0 ? byRoute : elsewhere).add(command.type);
    return submit(command);
  };
  return { byRoute, elsewhere };
}

/** What of an operation must not be missing. */
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
  readonly security: readonly object[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>;
  };
}

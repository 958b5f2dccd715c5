import { Logger } from '@nestjs/common';
import { ApiKeyStore } from '../../src/keys/index.js';
import { VerifyService } from '../../src/integrity/verify/verify.service.js';
import { CommitSignal } from '../../src/platform/bus/commit-signal.js';
import type { DeadLetter } from '../../src/platform/bus/dead-letter.store.js';
import { Relay } from '../../src/platform/bus/relay.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('listeners over HTTP', () => {
  let engine: TestEngine;
  let api: ApiClient;
  let relay: Relay;
  let leave: () => Promise<void>;
  /** External ids of members whose enrolment the listener cannot handle. */
  const refused = new Set<string>();
  const handled: string[] = [];

  const listeners = async () =>
    (await api.get('/v1/admin/listeners')).body.data as readonly {
      readonly name: string;
      readonly [field: string]: unknown;
    }[];
  const letters = async (query = '') =>
    (await api.get(`/v1/admin/dead-letters${query}`)).body.data as readonly DeadLetter[];
  /** Nudges the relay until something holds. */
  const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await holds())) {
      engine.engine.app.get(CommitSignal).notify();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  beforeAll(async () => {
    engine = await startTestEngine({ background: true });
    ({ api } = engine);
    Logger.overrideLogger(false);
    relay = engine.engine.app.get(Relay);
    leave = relay.listen({
      name: 'mailer',
      types: ['member.enrolled'],
      attempts: 1,
      handle: ({ data }) => {
        const externalId = data['externalId'] as string;
        if (refused.has(externalId)) return Promise.reject(new Error(`no mail for ${externalId}`));
        return Promise.resolve(void handled.push(externalId));
      },
    });
    for (const externalId of ['L-2', 'L-3', 'L-4']) refused.add(externalId);
    for (let index = 1; index <= 5; index += 1) await api.post('/v1/members', { externalId: `L-${index}` });
    await until(() => handled.includes('L-5'));
  });
  afterAll(async () => {
    await engine.close();
    Logger.overrideLogger(true);
  });

  it('show how far each has come, its lag and its last error', async () => {
    await until(async () => (await listeners()).every(({ lag }) => lag === 0));
    const mailer = (await listeners()).find(({ name }) => name === 'mailer');
    expect(mailer).toEqual({
      name: 'mailer',
      position: 5,
      lag: 0,
      attempts: 0,
      lastError: 'Error: no mail for L-4',
      lastErrorAt: expect.any(String),
      deadLetters: 3,
      updatedAt: expect.any(String),
    });
    expect((await listeners()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mailer', 'metrics']),
    );
    const { body: metrics } = await api.get('/metrics');
    expect(String(metrics)).toContain('laurel_dead_letters_total{listener="mailer"} 3');
    expect(String(metrics)).toContain('laurel_listener_lag_events{listener="mailer"} 0');
  });

  it('have dead letters, page by page, of one listener or of all', async () => {
    expect(handled).toEqual(['L-1', 'L-5']);
    const all = await letters();
    expect(all).toMatchObject(
      ['L-2', 'L-3', 'L-4'].map((externalId, index) => ({
        listener: 'mailer',
        type: 'member.enrolled',
        sequence: 1,
        position: index + 2,
        attempts: 1,
        error: `Error: no mail for ${externalId}`,
        retryAt: null,
      })),
    );
    const { body: first } = await api.get('/v1/admin/dead-letters?limit=2');
    const { body: second } = await api.get(`/v1/admin/dead-letters?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data]).toEqual(all);
    expect(second.nextCursor).toBeNull();
    expect(await letters('?listener=metrics')).toEqual([]);
    expect((await api.get('/v1/admin/dead-letters?cursor=x')).body.errors).toMatchObject([
      { code: 'NOT_A_CURSOR' },
    ]);
  });

  it('get a dead letter again on request, which the audit log has', async () => {
    const [first] = await letters();
    refused.delete('L-2');
    const { status, body } = await api.post(`/v1/admin/dead-letters/mailer/${first?.eventId}/retry`);
    expect([status, body]).toMatchObject([202, { eventId: first?.eventId, retryAt: expect.any(String) }]);
    await until(() => handled.includes('L-2'));
    await until(async () => (await letters()).length === 2);
    const { body: audit } = await api.get('/v1/audit?action=deadLetter.retried');
    expect(audit.data).toMatchObject([{ subject: `mailer/${first?.eventId}`, before: { attempts: 1 } }]);
  });

  it('that fail again keep the letter, with one more attempt', async () => {
    const [first] = await letters();
    await api.post(`/v1/admin/dead-letters/mailer/${first?.eventId}/retry`);
    await until(async () => (await letters())[0]?.attempts === 2);
    expect((await letters())[0]).toMatchObject({ eventId: first?.eventId, attempts: 2, retryAt: null });
  });

  it('do not get what is given up, which the audit log has', async () => {
    const [first, second] = await letters();
    const { status } = await api.post(`/v1/admin/dead-letters/mailer/${first?.eventId}/discard`);
    expect(status).toBe(200);
    expect(await letters()).toEqual([second]);
    const again = await api.post(`/v1/admin/dead-letters/mailer/${first?.eventId}/discard`);
    expect([again.status, again.body.code]).toEqual([404, 'DEAD_LETTER_NOT_FOUND']);
    const { body: audit } = await api.get('/v1/audit?action=deadLetter.discarded');
    expect(audit.data).toMatchObject([{ subject: `mailer/${first?.eventId}`, after: null }]);
    expect((await engine.engine.app.get(VerifyService).run()).differences).toEqual([]);
  });

  it('are no other programme’s business', async () => {
    const [letter] = await letters();
    const { app } = engine.engine;
    const programme = { name: 'Other', currency: 'TWD', timeZone: 'Asia/Taipei' };
    const { programmeId } = await app.get(ProgrammeStore).create(programme);
    const wanted = { programmeId, name: 'other', scopes: ['admin'] as const };
    const other = new ApiClient(engine.url, (await app.get(ApiKeyStore).create(wanted, 'test')).key);
    expect((await other.get('/v1/admin/dead-letters')).body.data).toEqual([]);
    const path = `/v1/admin/dead-letters/mailer/${letter?.eventId}/retry`;
    expect((await other.post(path)).body.code).toBe('DEAD_LETTER_NOT_FOUND');
  });

  it('are for operators', async () => {
    const auditor = await engine.withScopes('auditor');
    const [letter] = await letters();
    expect((await auditor.get('/v1/admin/listeners')).status).toBe(200);
    const path = `/v1/admin/dead-letters/mailer/${letter?.eventId}/discard`;
    expect((await auditor.post(path)).status).toBe(403);
    const till = await engine.withScopes('pos');
    expect((await till.get('/v1/admin/dead-letters')).status).toBe(403);
  });

  it('are gone with their letters when they are forgotten', async () => {
    await expect(relay.forget('mailer')).rejects.toThrow('still there');
    await leave();
    await relay.forget('mailer');
    expect((await listeners()).map(({ name }) => name)).toEqual(['metrics']);
    expect(await letters()).toEqual([]);
  });

  it('are known, and wait, where no background work is done', async () => {
    const quiet = await startTestEngine();
    try {
      quiet.engine.app.get(Relay).listen({ name: 'waiting', handle: () => Promise.resolve() });
      await quiet.api.post('/v1/members', { externalId: 'L-1' });
      expect((await quiet.api.get('/v1/admin/listeners')).body).toEqual({ background: false, data: [] });
    } finally {
      await quiet.close();
    }
  });
});

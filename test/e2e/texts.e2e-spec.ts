import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('texts that are keys', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
    await new ProgrammeBuilder(engine.api).shop();
    await engine.api.post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(() => engine.close());

  const refusal = async (path: string, body: unknown) => {
    const answer = await engine.api.post(path, body);
    return [answer.status, answer.body.code, answer.body.errors?.[0].pointer, answer.body.errors?.[0].code];
  };

  it('number one receipt once: neither "R-1 " nor "r-1\\t" is another', async () => {
    expect((await engine.api.post('/v1/purchases', receipt({ receiptNo: 'R-1' }))).status).toBe(201);
    for (const receiptNo of ['R-1 ', 'r-1\t', ' R-1', 'R-1\u200b', 'R\u00a0-1', ' ', '']) {
      const refused = await refusal('/v1/purchases', receipt({ receiptNo }));
      expect(refused).toEqual([422, 'VALIDATION_FAILED', '/receiptNo', 'IS_KEY_TEXT']);
    }
    expect((await engine.api.get('/v1/members?externalId=C-1')).body.data[0].balance.available).toBe(105);
  });

  it.each([
    ['/v1/programmes', { currency: 'TWD', timeZone: 'Asia/Taipei' }],
    ['/v1/api-keys', { scopes: ['pos'] }],
    ['/v1/households', { head: { externalId: 'C-1' } }],
  ])('are not names; those of %s are one visible line all the same', async (path, body) => {
    for (const name of [' ', '\t', 'two\nlines', '\u200b', 'bell\u0007'])
      expect(await refusal(path, { ...body, name })).toEqual([422, 'VALIDATION_FAILED', '/name', 'IS_NAME']);
  });

  it.each(['earning-rules', 'rewards', 'adjustment-reasons'])('are not names of %s', async (kind) => {
    const [published] = (await engine.api.get(`/v1/${kind}`)).body.data;
    const definition = published?.definition ?? {};
    const { status, body } = await engine.api.put(`/v1/${kind}/new/draft`, { ...definition, name: ' \t' });
    expect([status, body.errors]).toEqual([
      422,
      expect.arrayContaining([expect.objectContaining({ pointer: '/name', code: 'IS_NAME' })]),
    ]);
  });

  it('name one receipt in NFC and in NFD', async () => {
    const composed = receipt({ source: 'Caf\u00e9', receiptNo: 'R-\u00fc' });
    const decomposed = { ...composed, source: 'Cafe\u0301', receiptNo: 'R-u\u0308' };
    expect((await engine.api.post('/v1/purchases', composed)).status).toBe(201);
    const again = await engine.api.post('/v1/purchases', decomposed);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  });

  it.each([
    ['an external id', '/v1/members', { externalId: ' ' }, '/externalId'],
    [
      'an identity',
      '/v1/members',
      { identities: [{ type: 'card', value: '47\u200b11' }] },
      '/identities/0/value',
    ],
    [
      'a type of identity',
      '/v1/members',
      { identities: [{ type: 'card ', value: '4711' }] },
      '/identities/0/type',
    ],
    [
      'a member that is named',
      '/v1/purchases',
      receipt({ member: { externalId: 'C-1 ' } }),
      '/member/externalId',
    ],
    ['a source', '/v1/purchases', receipt({ source: 'store-1 ' }), '/source'],
    ['a channel', '/v1/purchases', receipt({ channel: ' web' }), '/channel'],
    ['a sku', '/v1/purchases', receipt({ lines: [line({ sku: 'A-77\n' })] }), '/lines/0/sku'],
    [
      'a category',
      '/v1/purchases',
      receipt({ lines: [line({ category: 'tobacco ' })] }),
      '/lines/0/category',
    ],
    [
      'a tender',
      '/v1/purchases',
      receipt({ tenders: [{ type: 'points ', amountMinor: 1 }] }),
      '/tenders/0/type',
    ],
    [
      "a redemption's own number",
      '/v1/redemptions',
      { member: { externalId: 'C-1' }, points: 1, mode: 'capture', externalId: 'r ' },
      '/externalId',
    ],
    [
      "a transfer's own number",
      '/v1/transfers',
      { from: { externalId: 'C-1' }, to: { externalId: 'C-2' }, points: 1, externalId: 't\u200d' },
      '/externalId',
    ],
    [
      "an adjustment's own number",
      '/v1/adjustments',
      { member: { externalId: 'C-1' }, points: 1, reason: 'x', externalId: '\u3000a' },
      '/externalId',
    ],
  ])('has no white space at its ends and nothing invisible: %s', async (_, path, body, pointer) => {
    expect((await refusal(path, body)).slice(0, 3)).toEqual([422, 'VALIDATION_FAILED', pointer]);
  });

  it('number a return likewise', async () => {
    const { body } = await engine.api.post('/v1/purchases', receipt());
    const said = {
      source: 'store-1',
      receiptNo: 'RT-1 ',
      occurredAt: '2026-11-21T10:15:00+08:00',
      whole: true,
    };
    const refused = await refusal(`/v1/purchases/${body.id}/returns`, said);
    expect(refused.slice(0, 3)).toEqual([422, 'VALIDATION_FAILED', '/receiptNo']);
  });

  it('are looked for as they are kept', async () => {
    expect((await engine.api.get('/v1/members?externalId=C-1%20')).status).toBe(422);
    await engine.api.post('/v1/members', { externalId: 'Ana\u0308' });
    const both = await Promise.all(
      ['An\u00e4', 'Ana\u0308'].map((id) =>
        engine.api.get(`/v1/members?externalId=${encodeURIComponent(id)}`),
      ),
    );
    expect(both.map(({ body }) => body.data.length)).toEqual([1, 1]);
  });
});

describe('bodies in other encodings', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.close());

  const send = async (body: Uint8Array, headers: Record<string, string>, path = '/v1/members') => {
    const answer = await fetch(`${engine.url}${path}`, {
      method: 'POST',
      body: Buffer.from(body),
      headers: { authorization: `Bearer ${engine.api.key}`, 'content-type': 'application/json', ...headers },
    });
    const text = await answer.text();
    return { status: answer.status, type: answer.headers.get('content-type'), text };
  };
  const problem = ({ status, type, text }: Awaited<ReturnType<typeof send>>) => [
    status,
    type?.split(';')[0],
    JSON.parse(text).code,
  ];
  const latin1 = Buffer.from('{"externalId":"M\u00fcller"}', 'latin1');
  const utf8 = Buffer.from('{"externalId":"M\u00fcller"}');

  it('are refused where their bytes are not UTF-8', async () => {
    const answer = await send(latin1, {});
    expect(problem(answer)).toEqual([400, 'application/problem+json', 'MALFORMED_JSON']);
    expect(answer.text).toContain('not UTF-8');
  });

  it.each(['iso-8859-1', 'windows-1252', 'utf-16le', '"big5"'])('are refused as %s', async (charset) => {
    const answer = await send(latin1, { 'content-type': `application/json; charset=${charset}` });
    expect(problem(answer)).toEqual([415, 'application/problem+json', 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it.each(['gzip', 'br', 'identity', 'deflate'])(
    'are refused with the Content-Encoding %s',
    async (encoding) => {
      const answer = await send(utf8, { 'content-encoding': encoding });
      expect(problem(answer)).toEqual([415, 'application/problem+json', 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  it('are taken in UTF-8, said in any way', async () => {
    for (const [index, charset] of ['utf-8', 'UTF-8', '"utf-8"', 'utf8'].entries()) {
      const body = Buffer.from(`{"externalId":"M\u00fcller-${index}"}`);
      const answer = await send(body, { 'content-type': `application/json;charset=${charset}` });
      expect(answer.status).toBe(201);
    }
  });

  it('are refused line by line in a stream', async () => {
    const bytes = Buffer.concat([latin1, Buffer.from('\n{}\n')]);
    const answer = await send(bytes, { 'content-type': 'application/x-ndjson' }, '/v1/purchases:batch');
    const lines = answer.text
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).problem.code);
    expect(lines).toEqual(['MALFORMED_JSON', 'VALIDATION_FAILED']);
  });

  it('stand in no address either', async () => {
    for (const query of ['externalId=M%FCller', 'externalId=%E4%B8', 'externalId=100%']) {
      const answer = await engine.api.get(`/v1/members?${query.toString()}`);
      expect([answer.status, answer.body.code]).toEqual([400, 'BAD_REQUEST']);
    }
  });
});

describe('identities', () => {
  let engine: TestEngine;
  let id: string;
  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    const abroad = { identities: [{ type: 'phone', value: '0912345678' }] };
    expect((await engine.api.post('/v1/members', abroad)).body.errors[0]).toMatchObject({
      pointer: '/identities/0/value',
      code: 'NOT_A_PHONE',
    });
    await programme.policy({ phoneRegion: 'TW' });
    const enrolled = await engine.api.post('/v1/members', {
      externalId: 'C-1',
      identities: [
        { type: 'CARD', value: '4711' },
        { type: 'Email', value: 'Anna.Lin@Example.com' },
        { type: 'phone', value: '0912 345 678' },
        { type: 'phone', value: '+886912345678' },
      ],
    });
    id = enrolled.body.id;
    expect(enrolled.body.identities).toEqual([
      { type: 'card', value: '4711' },
      { type: 'email', value: 'anna.lin@example.com' },
      { type: 'phone', value: '+886912345678' },
    ]);
  });
  afterAll(() => engine.close());

  it.each([
    ['an e-mail in another case', 'email', 'ANNA.LIN@EXAMPLE.COM'],
    ['a phone with blanks', 'phone', '0912 345 678'],
    ['a phone with its country', 'phone', '+886 912-345-678'],
    ['a type in another case', 'Card', '4711'],
  ])('enrol no second person: %s', async (_, type, value) => {
    const again = await engine.api.post('/v1/members', { identities: [{ type, value }] });
    expect([again.status, again.body.code, again.body.meta.id]).toEqual([409, 'MEMBER_ALREADY_EXISTS', id]);
    const query = new URLSearchParams({ identityType: type, identityValue: value });
    expect((await engine.api.get(`/v1/members?${query.toString()}`)).body.data[0].id).toBe(id);
    const named = receipt({ member: { identity: { type, value } } });
    expect((await engine.api.post('/v1/purchases', named)).body.memberId).toBe(id);
  });

  it('are one request, however they were written', async () => {
    const first = receipt({ member: { identity: { type: 'phone', value: '0912345678' } } });
    expect((await engine.api.post('/v1/purchases', first)).status).toBe(201);
    const said = { identity: { type: 'PHONE', value: '+886 912 345 678' } };
    const again = await engine.api.post('/v1/purchases', { ...first, member: said });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  });

  it.each([
    [{ type: 'phone', value: 'by mail' }, 'NOT_A_PHONE'],
    [{ type: 'email', value: 'anna' }, 'NOT_AN_EMAIL'],
    [{ type: 'EXTERNALID', value: 'C-1' }, 'RESERVED'],
  ])('are refused where they are none: %j', async (identity, code) => {
    const bodies: [string, object, string][] = [
      ['/v1/members', { identities: [identity] }, '/identities/0'],
      ['/v1/purchases', receipt({ member: { identity } }), '/member/identity'],
    ];
    for (const [path, body, place] of bodies) {
      const { status, body: problem } = await engine.api.post(path, body);
      expect([status, problem.errors[0].code]).toEqual([422, code]);
      expect(problem.errors[0].pointer).toMatch(new RegExp(`^${place}/(type|value)$`));
      expect(problem.errors[0].detail).toMatch(/^.+\.$/);
    }
    const query = new URLSearchParams({ identityType: identity.type, identityValue: identity.value });
    const found = await engine.api.get(`/v1/members?${query.toString()}`);
    expect([found.status, found.body.errors[0].code]).toEqual([422, code]);
  });

  it('of a region that no telephone has are refused with the policy', async () => {
    const policy = { pointName: 'points', expiry: { type: 'never' }, phoneRegion: 'XX' };
    const refused = await engine.api.put('/v1/programmes/policy/draft', policy);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/phoneRegion']);
  });
});

describe('words with a meaning', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = new ProgrammeBuilder(engine.api);
    await programme.policy();
    await programme.accounting({ revenueByCategory: { 'gift-card': 'none' } });
    await programme.rule('base', { lines: { excludeCategories: ['tobacco'] } });
    const pending = { type: 'event', event: 'returnWindowOver', cancelAfterDays: 3650 };
    await programme.rule('late', { lines: { includeCategories: ['Fashion'] }, pending });
    await engine.api.post('/v1/members', { externalId: 'C-1', enrolledAt: '2025-01-01T00:00:00Z' });
  });
  afterAll(() => engine.close());

  const earned = ({ grants }: { grants: { points: number }[] }) =>
    grants.reduce((sum, { points }) => sum + points, 0);
  const sold = async (category: string, more: object = {}) =>
    engine.api.post('/v1/purchases', receipt({ lines: [line({ category })], ...more }));

  it.each(['tobacco', 'Tobacco', 'TOBACCO'])('exclude %s', async (category) => {
    expect(earned((await sold(category)).body)).toBe(0);
  });

  it.each(['gift-card', 'Gift-Card', 'GIFT-CARD'])('say that %s is no revenue', async (category) => {
    const { body } = await sold(category);
    expect(earned(body)).toBe(0);
    expect((await engine.api.get(`/v1/purchases/${body.id}`)).body.lines[0].revenue).toBe('none');
  });

  it.each(['points', 'Points', 'POINTS'])('pay with points, which nothing covers here: %s', async (type) => {
    const { body } = await sold('grocery', { tenders: [{ type, amountMinor: 55_000 }] });
    expect(body.code).toBe('POINTS_TENDER_MISMATCH');
  });

  it('name a category once', async () => {
    const policy = { entity: 'TW01', valuePerPoint: '1', redemptionProbability: '1' };
    const twice = { ...policy, revenueByCategory: { 'gift-card': 'none', 'Gift-Card': 'own' } };
    const refused = await engine.api.put('/v1/finance/policies/draft', twice);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/revenueByCategory']);
    const rule = {
      name: 'x',
      amount: { type: 'perSpend', points: 1, stepMinor: 1 },
      lines: { includeCategories: ['Tobacco'], excludeCategories: ['tobacco'] },
    };
    const both = await engine.api.put('/v1/earning-rules/x/draft', rule);
    expect(both.body.errors[0].code).toBe('INCLUDED_AND_EXCLUDED');
  });

  it('report an event in whatever case', async () => {
    const { body } = await sold('FASHION');
    const waits = (await engine.api.get('/v1/members?externalId=C-1')).body.data[0].balance.pending;
    expect(waits).toBe(105);
    const reported = await engine.api.post(`/v1/purchases/${body.id}/events`, { type: 'returnwindowover' });
    expect(reported.body).toMatchObject({ type: 'returnWindowOver', activated: [{ points: 105 }] });
  });
});

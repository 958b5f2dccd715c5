import { decisionRefusal } from '../decision-refusal.js';
import { isRepeated, shownState, type ChangeRequest, type DecisionKind } from './change-request.js';
import { contentDigest } from './content-digest.js';
import { needsSecondPerson } from './second-person.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const request = (change: Partial<ChangeRequest> = {}): ChangeRequest => ({
  requestId: 'chr_1',
  subject: 'publication',
  subjectId: 'earning-rule/base',
  digest: '00',
  baseVersion: 1,
  before: null,
  content: {},
  requestedBy: 'key_maker',
  requestedAt: NOW - 1000,
  makerLines: ['key_first', 'key_author'],
  effectiveAt: null,
  expiresAt: NOW + 1000,
  state: 'open',
  decision: null,
  ...change,
});
const by = (line: string, keyId = `${line}_own`) => ({ keyId, line: line as 'key_1' });
const code = (kind: DecisionKind, line: string, change: Partial<ChangeRequest> = {}, keyId?: string) =>
  decisionRefusal(request(change), kind, by(line, keyId), NOW)?.code ?? null;

describe('a decision on a change', () => {
  it.each<[DecisionKind, string, string | undefined, string | null]>([
    ['approve', 'key_other', undefined, null],
    ['approve', 'key_first', undefined, 'SECOND_PERSON_REQUIRED'],
    ['approve', 'key_author', undefined, 'SECOND_PERSON_REQUIRED'],
    ['reject', 'key_other', undefined, null],
    ['reject', 'key_first', undefined, null],
    ['reject', 'key_first', 'key_maker', 'SECOND_PERSON_REQUIRED'],
    ['withdraw', 'key_first', undefined, null],
    ['withdraw', 'key_other', undefined, 'SECOND_PERSON_REQUIRED'],
  ])('%s by %s (%s) is refused with %s', (kind, line, keyId, expected) => {
    expect(code(kind, line, {}, keyId)).toBe(expected);
  });

  it.each<[Partial<ChangeRequest>, string]>([
    [{ expiresAt: NOW }, 'CHANGE_LAPSED'],
    [{ effectiveAt: NOW }, 'CHANGE_LAPSED'],
    [{ state: 'lapsed' }, 'CHANGE_LAPSED'],
    [{ state: 'applied' }, 'CHANGE_NOT_OPEN'],
    [{ state: 'rejected' }, 'CHANGE_NOT_OPEN'],
    [{ state: 'withdrawn' }, 'CHANGE_NOT_OPEN'],
  ])('comes too late where the request is %j', (change, expected) => {
    expect(code('approve', 'key_other', change)).toBe(expected);
  });

  it('may be made until the very last moment', () => {
    expect(shownState(request({ expiresAt: NOW + 1, effectiveAt: NOW + 1 }), NOW)).toBe('open');
  });

  it('is repeated by the same key alone, and the same way', () => {
    const decision = { by: 'key_2', at: NOW, note: null };
    const ended = request({ state: 'applied', decision });
    expect(isRepeated(ended, 'approve', by('key_other', 'key_2'))).toBe(true);
    expect(isRepeated(ended, 'approve', by('key_other', 'key_3'))).toBe(false);
    expect(isRepeated(ended, 'reject', by('key_other', 'key_2'))).toBe(false);
  });
});

describe('the digest of content', () => {
  it('is that of what it says, in whatever order', () => {
    expect(contentDigest({ a: 1, b: [1, { c: 'x', d: undefined }] })).toBe(
      contentDigest({ b: [1, { c: 'x' }], a: 1 }),
    );
    expect(contentDigest({ a: 1 })).not.toBe(contentDigest({ a: 2 }));
  });
});

describe('a second person', () => {
  it.each([
    ['earning-rule', [], null, false],
    ['earning-rule', ['earning-rule'], null, true],
    ['reward', ['earning-rule'], null, false],
    ['programme-policy', [], ['earning-rule'], false],
    ['programme-policy', ['earning-rule'], ['earning-rule', 'reward'], false],
    ['programme-policy', ['earning-rule'], ['reward'], true],
    ['programme-policy', ['earning-rule'], [], true],
    ['programme-policy', ['programme-policy'], ['programme-policy'], true],
  ] as const)('%s under %j with a draft of %j: %s', (kind, twoPersons, drafted, expected) => {
    expect(needsSecondPerson(kind, twoPersons, drafted)).toBe(expected);
  });
});

import { draftRefusal, draftTag } from './draft-tag.js';

const SAVED = Date.parse('2026-03-10T12:00:00Z');
const draft = (change: object = {}) => ({
  version: 3,
  body: { name: 'base', points: 1 },
  createdAt: new Date(SAVED),
  createdBy: 'key_1',
  ...change,
});

describe('the tag of a draft', () => {
  it('is the same for the same draft, in whatever order its fields stand, and quoted', () => {
    const tag = draftTag(draft());
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(draftTag(draft({ body: { points: 1, name: 'base', absent: undefined } }))).toBe(tag);
  });

  it.each([
    { body: { name: 'base', points: 2 } },
    { version: 4 },
    { createdBy: 'key_2' },
    { createdAt: new Date(SAVED + 1) },
  ])('is another one after another save: %j', (change) => {
    expect(draftTag(draft(change))).not.toBe(draftTag(draft()));
  });
});

describe('a request about a draft', () => {
  const tag = draftTag(draft());
  const code = (condition: object, found: ReturnType<typeof draft> | undefined) =>
    draftRefusal(condition, found)?.code ?? null;

  it.each([
    [{}, draft()],
    [{}, undefined],
    [{ ifMatch: tag }, draft()],
    [{ ifMatch: `"other", ${tag}` }, draft()],
    [{ ifMatch: `W/${tag}` }, draft()],
    [{ ifMatch: '*' }, draft()],
    [{ ifNoneMatch: '*' }, undefined],
  ])('passes with %j', (condition, found) => {
    expect(code(condition, found)).toBeNull();
  });

  it.each([
    [{ ifMatch: tag }, draft({ createdBy: 'key_2' })],
    [{ ifMatch: tag }, undefined],
    [{ ifMatch: '*' }, undefined],
    [{ ifNoneMatch: '*' }, draft()],
  ])('is refused with %j', (condition, found) => {
    expect(code(condition, found)).toBe('DRAFT_CHANGED');
  });
});

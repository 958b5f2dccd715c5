import { numberedId } from '../../../test/builders/ids.js';
import { ConfigSnapshot, type ConfigKind } from './config-snapshot.js';

const RULE: ConfigKind<string> = { name: 'rule' };
const OTHER: ConfigKind<string> = { name: 'other' };

function snapshot(
  ...versions: readonly (readonly [key: string, version: number, effectiveAt: number, kind?: string])[]
) {
  return new ConfigSnapshot(
    numberedId('prg', 1),
    'PLN',
    'Europe/Warsaw',
    1,
    versions.map(([key, version, effectiveAt, kind = 'rule']) => ({
      kind,
      key,
      version,
      effectiveAt,
      body: `${key} v${version}`,
    })),
  );
}

describe('the version in force', () => {
  it('is none before the first takes effect', () => {
    expect(snapshot(['base', 1, 1000]).find(RULE, 'base', 999)).toBeUndefined();
    expect(snapshot(['base', 1, 1000]).inForce(RULE, 999)).toEqual([]);
  });

  it('takes effect at its very instant', () => {
    expect(snapshot(['base', 1, 1000]).find(RULE, 'base', 1000)).toMatchObject({
      version: 1,
      body: 'base v1',
    });
  });

  it.each([
    [1999, 1],
    [2000, 2],
    [2999, 2],
    [3000, 3],
  ])('at %i is version %i: the latest that had taken effect', (at, version) => {
    const config = snapshot(['base', 2, 2000], ['base', 3, 3000], ['base', 1, 1000]);
    expect(config.find(RULE, 'base', at)?.version).toBe(version);
  });

  it('is the higher of two that took effect at one instant', () => {
    expect(snapshot(['base', 1, 1000], ['base', 2, 1000]).find(RULE, 'base', 1000)?.version).toBe(2);
    expect(snapshot(['base', 2, 1000], ['base', 1, 1000]).find(RULE, 'base', 1000)?.version).toBe(2);
  });

  it('goes by when it takes effect, not by when it was written', () => {
    // Version 3 was published with effect in the past: it fills that past and leaves version 2 in force now.
    const config = snapshot(['base', 1, 1000], ['base', 2, 3000], ['base', 3, 2000]);
    expect([2500, 3500].map((at) => config.find(RULE, 'base', at)?.version)).toEqual([3, 2]);
  });

  it('is found for each key by itself, in the order of the keys', () => {
    const config = snapshot(['b', 1, 1000], ['a', 1, 2000], ['a', 2, 3000], ['c', 1, 9000]);
    expect(config.inForce(RULE, 3000).map(({ body }) => body)).toEqual(['a v2', 'b v1']);
  });

  it('is of the kind that was asked for', () => {
    const config = snapshot(['base', 1, 1000], ['base', 7, 1000, 'other']);
    expect(config.find(OTHER, 'base', 1000)?.version).toBe(7);
    expect(config.inForce(RULE, 1000)).toHaveLength(1);
    expect(config.inForce({ name: 'nothing' }, 1000)).toEqual([]);
    expect(config.find(RULE, 'nothing', 1000)).toBeUndefined();
  });

  it('does not change with the list it was made of', () => {
    const versions = [{ kind: 'rule', key: 'base', version: 1, effectiveAt: 1000, body: 'first' }];
    const config = new ConfigSnapshot(numberedId('prg', 1), 'PLN', 'Europe/Warsaw', 1, versions);
    versions.push({ kind: 'rule', key: 'base', version: 2, effectiveAt: 1000, body: 'second' });
    expect(config.find(RULE, 'base', 1000)?.body).toBe('first');
  });
});

describe('a configuration with definitions that are assumed', () => {
  const kind = { name: 'rule' };
  const version = (key: string, number: number, effectiveAt: number, withdrawn = false) => ({
    ...{ kind: 'rule', key, version: number, effectiveAt, withdrawn },
    body: `${key}${number}`,
  });
  const published = new ConfigSnapshot(
    ...(['prg_test', 'TWD', 'Asia/Taipei', 7] as const),
    [version('a', 1, 10), version('a', 2, 150), version('a', 3, 60, true), version('b', 1, 120)],
    [{ kind: 'rule', key: 'a', from: 130, until: null }],
  );
  const assuming = published.assuming([{ kind: 'rule', key: 'a', body: 'draft' }], 100);
  const inForce = (config: ConfigSnapshot, at: number) =>
    config.inForce(kind, at).map(({ body, paused }) => [body, paused]);

  it('has them from an instant on, in place of what takes effect later, and without pauses', () => {
    expect(inForce(assuming, 99)).toEqual([['a1', undefined]]);
    expect(inForce(assuming, 100)).toEqual([['draft', undefined]]);
    expect(inForce(assuming, 200)).toEqual([
      ['draft', undefined],
      ['b1', undefined],
    ]);
    expect(inForce(published, 200)).toEqual([
      ['a2', true],
      ['b1', undefined],
    ]);
    expect(assuming.version(kind, 'a', 4)?.body).toBe('draft');
    expect(assuming.version(kind, 'a', 2)?.body).toBe('a2');
  });

  it('says when something else comes into force', () => {
    expect(published.turnsBetween(10, 150)).toEqual([120, 130]);
    expect(assuming.turnsBetween(0, 1_000)).toEqual([10, 100, 120]);
  });
});

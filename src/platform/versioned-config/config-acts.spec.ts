import { numberedId } from '../../../test/builders/ids.js';
import { pausesOf, withdrawalOf, type ConfigActRecord } from './config-acts.js';
import { ConfigSnapshot, type ConfigKind, type SnapshotVersion } from './config-snapshot.js';

const RULE: ConfigKind<string> = { name: 'rule' };
const act = (what: ConfigActRecord['act'], at: number, version: number | null = null): ConfigActRecord => ({
  ...{ kind: 'rule', key: 'base', version, act: what, at, by: 'key_1', note: null },
});
const version = (number: number, effectiveAt: number, more: object = {}): SnapshotVersion => ({
  ...{ kind: 'rule', key: 'base', version: number, effectiveAt, body: `v${number}` },
  ...more,
});
const config = (versions: readonly SnapshotVersion[], acts: readonly ConfigActRecord[] = []) =>
  new ConfigSnapshot(numberedId('prg', 1), 'PLN', 'Europe/Warsaw', 1, versions, pausesOf(acts));

describe('a pause', () => {
  const acts = [act('paused', 2000), act('resumed', 3000), act('paused', 5000)];

  it('lasts from its instant until it is ended, and the next one is another', () => {
    expect(pausesOf(acts).map(({ from, until }) => [from, until])).toEqual([
      [2000, 3000],
      [5000, null],
    ]);
  });

  it.each([
    [1999, undefined],
    [2000, true],
    [2999, true],
    [3000, undefined],
    [4999, undefined],
    [5000, true],
    [9000, true],
  ])('at %d is %s, whichever instant is asked for first', (at, paused) => {
    const snapshot = config([version(1, 1000), version(2, 2500)], acts);
    expect(snapshot.inForce(RULE, 9000)[0]?.paused).toBe(true);
    expect(snapshot.inForce(RULE, at)[0]?.paused).toBe(paused);
    expect(snapshot.inForce(RULE, at)[0]?.version).toBe(at < 2500 ? 1 : 2);
  });

  it('is of one key of one kind', () => {
    const other = { ...version(1, 1000), key: 'other' };
    const snapshot = config([version(1, 1000), other], acts);
    expect(snapshot.inForce(RULE, 2000).map(({ key, paused }) => [key, paused])).toEqual([
      ['base', true],
      ['other', undefined],
    ]);
  });
});

describe('a version that was withdrawn', () => {
  const versions = [version(1, 1000), version(2, 5000), version(3, 5000, { withdrawn: true })];

  it('never holds: what was planned before it does', () => {
    const snapshot = config(versions);
    expect(snapshot.find(RULE, 'base', 6000)?.version).toBe(2);
    expect(snapshot.inForce(RULE, 6000).map((one) => one.version)).toEqual([2]);
    expect(snapshot.versions(RULE, 'base').map((one) => one.version)).toEqual([2, 1]);
    expect(snapshot.beginsAfter(RULE, 'base', 1000)).toBe(5000);
  });

  it('is found by its number, for it was published', () => {
    expect(config(versions).version(RULE, 'base', 3)?.body).toBe('v3');
  });

  it('is one by its number and its key', () => {
    const acts = [act('withdrawn', 10, 3)];
    expect(withdrawalOf(acts, version(3, 0))).toEqual(acts[0]);
    expect(withdrawalOf(acts, version(2, 0))).toBeUndefined();
    expect(withdrawalOf(acts, { ...version(3, 0), key: 'other' })).toBeUndefined();
  });
});

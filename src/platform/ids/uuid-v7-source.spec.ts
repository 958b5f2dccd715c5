import { MovingClock } from '../../../test/harness/moving-clock.js';
import { idToUuid, shardSuffixOf, SHARD_SUFFIXES } from '../../kernel/ids.js';
import { UuidV7Source } from './uuid-v7-source.js';

const START = '2026-03-10T12:00:00.000Z';

function source() {
  const clock = new MovingClock(Date.parse(START));
  return { clock, ids: new UuidV7Source(clock) };
}

/** Milliseconds in the first 48 bits. */
function millisOf(id: string): number {
  return Number.parseInt(idToUuid(id).replaceAll('-', '').slice(0, 12), 16);
}

describe('ids of the application', () => {
  it('are UUIDs of version 7 and of the variant of RFC 9562', () => {
    const { ids } = source();
    for (let index = 0; index < 2000; index += 1) {
      expect(idToUuid(ids.next('pur'))).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  it('start with the millisecond in which they were made', () => {
    const { clock, ids } = source();
    expect(millisOf(ids.next('pur'))).toBe(Date.parse(START));
    clock.set('2100-01-01T00:00:00.123Z');
    expect(millisOf(ids.next('pur'))).toBe(Date.parse('2100-01-01T00:00:00.123Z'));
  });

  it('rise within one millisecond, even beyond the 4096 that its counter holds', () => {
    const { ids } = source();
    const made = Array.from({ length: 10_000 }, () => ids.next('lot'));
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
    expect(millisOf(made[4095] as string)).toBe(Date.parse(START));
    expect(millisOf(made[4096] as string)).toBe(Date.parse(START) + 1);
  });

  it('go on rising when the clock goes back', () => {
    const { clock, ids } = source();
    const before = Array.from({ length: 10 }, () => ids.next('lot'));
    clock.set('2026-03-10T11:00:00.000Z');
    const after = Array.from({ length: 5000 }, () => ids.next('lot'));
    const made = [...before, ...after];
    expect(made).toEqual([...made].sort());
  });

  it('go on rising when the clock catches up with a counter that ran ahead of it', () => {
    const { clock, ids } = source();
    const made = Array.from({ length: 9000 }, () => ids.next('lot'));
    for (let step = 0; step < 5; step += 1) {
      clock.set(new Date(Date.parse(START) + step).toISOString());
      made.push(ids.next('lot'));
    }
    expect(made).toEqual([...made].sort());
  });

  it('differ between processes that make them in the same millisecond', () => {
    const [one, other] = [source().ids, source().ids];
    const made = Array.from({ length: 1000 }, () => [one.next('pur'), other.next('pur')]).flat();
    expect(new Set(made).size).toBe(2000);
  });

  it('end with the shard suffix they were made with, and still differ and rise', () => {
    for (let suffix = 0; suffix < SHARD_SUFFIXES; suffix += 1) {
      const ids = new UuidV7Source(new MovingClock(Date.parse(START)), suffix);
      const made = Array.from({ length: 100 }, () => ids.next('pur'));
      expect(new Set(made.map(shardSuffixOf))).toEqual(new Set([suffix]));
      expect(made).toEqual([...new Set(made)].sort());
      expect(idToUuid(made[0] as string)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
    }
  });

  it.each([-1, SHARD_SUFFIXES, Number.NaN])('cannot end with a suffix that does not fit: %s', (suffix) => {
    expect(() => new UuidV7Source(new MovingClock(0), suffix)).toThrow(RangeError);
  });

  it('have all sorts of suffixes when they were made without', () => {
    const { ids } = source();
    expect(new Set(Array.from({ length: 1000 }, () => shardSuffixOf(ids.next('pur')))).size).toBe(
      SHARD_SUFFIXES,
    );
  });

  it('carry the prefix of their kind', () => {
    expect(source().ids.next('rdm')).toMatch(/^rdm_[0-9a-z]{26}$/);
  });
});

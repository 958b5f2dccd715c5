import { ok } from '../../kernel/result.js';
import { ConfigLifecycle } from './config-lifecycle.js';
import type { ConfigStore } from './config.store.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const DAY_MS = 86_400_000;
const ACT = { programmeId: 'prg_1', actor: 'key_1', now: NOW } as never;
const ADDRESS = { kind: 'rule', key: 'base' } as never;

/** A store that notes from when a draft was published. */
function story() {
  const published: number[] = [];
  const store = {
    publish: (_act: unknown, { key }: { key: string }, effectiveAt: number) => {
      published.push(effectiveAt);
      const version = {
        key,
        version: 1,
        status: 'published',
        effectiveAt: new Date(effectiveAt),
        createdAt: new Date(NOW),
        createdBy: 'key_1',
        publishedAt: new Date(NOW),
        publishedBy: 'key_1',
        body: {},
      };
      return Promise.resolve(ok(version));
    },
  };
  return { lifecycle: new ConfigLifecycle(store as unknown as ConfigStore, null as never), published };
}

describe('publishing a draft', () => {
  it('takes effect now unless an instant is given', async () => {
    const { lifecycle, published } = story();
    await lifecycle.publish(ACT, ADDRESS, {});
    await lifecycle.publish(ACT, ADDRESS, { effectiveAt: NOW });
    await lifecycle.publish(ACT, ADDRESS, { effectiveAt: NOW + DAY_MS });
    expect(published).toEqual([NOW, NOW, NOW + DAY_MS]);
  });

  it.each([NOW - 1, NOW - DAY_MS])(
    'in the past is refused without `retroactive` (%d)',
    async (effectiveAt) => {
      const { lifecycle, published } = story();
      const result = await lifecycle.publish(ACT, ADDRESS, { effectiveAt });
      expect(result).toMatchObject({ ok: false, refusal: { code: 'EFFECTIVE_IN_PAST', status: 422 } });
      expect(published).toEqual([]);
    },
  );

  it('in the past takes `retroactive`', async () => {
    const { lifecycle, published } = story();
    const result = await lifecycle.publish(ACT, ADDRESS, { effectiveAt: NOW - DAY_MS, retroactive: true });
    expect(result.ok).toBe(true);
    expect(published).toEqual([NOW - DAY_MS]);
  });
});

import type { DataSource } from 'typeorm';
import { NumberedIds, numberedId } from '../../test/builders/ids.js';
import { MovingClock } from '../../test/harness/moving-clock.js';
import { idToUuid } from '../kernel/ids.js';
import { ApiKeyStore, KEY_CACHE_MS } from './api-key.store.js';

describe('a key that is used by many requests at once', () => {
  const entity = {
    keyId: idToUuid(numberedId('key', 1)),
    lineKeyId: idToUuid(numberedId('key', 1)),
    programmeId: idToUuid(numberedId('prg', 1)),
    scopes: ['pos'],
    revokedAt: null,
    expiresAt: null,
    lastUsedAt: null,
  };

  /** A store that counts its questions, and answers them only when it is told to. */
  function story(find: () => unknown) {
    const clock = new MovingClock(0);
    const count = { asked: 0, noted: 0 };
    const waiting: (() => void)[] = [];
    const repository = {
      findOneBy: async () => {
        count.asked += 1;
        await new Promise<void>((resolve) => waiting.push(resolve));
        return find();
      },
      update: () => Promise.resolve((count.noted += 1)),
    };
    const dataSource = { getRepository: () => repository } as unknown as DataSource;
    const store = new ApiKeyStore(dataSource, clock, new NumberedIds());
    const many = async () => {
      const asked = Array.from({ length: 20 }, async () => store.authenticate('lrl_a'));
      const answers = Promise.allSettled(asked);
      for (const answer of waiting.splice(0)) answer();
      return (await answers).map(({ status }) => status);
    };
    return { clock, count, many };
  }

  it('is asked for once, and once more when it is no longer trusted', async () => {
    const { clock, count, many } = story(() => entity);
    expect(new Set(await many())).toEqual(new Set(['fulfilled']));
    expect(count).toEqual({ asked: 1, noted: 1 });
    await many();
    expect(count.asked).toBe(1);
    clock.advance({ seconds: KEY_CACHE_MS / 1000 });
    await many();
    expect(count.asked).toBe(2);
  });

  it('is asked for again by the next request where the database did not answer', async () => {
    let works = false;
    const { count, many } = story(() => {
      if (!works) throw new Error('gone');
      return entity;
    });
    expect(new Set(await many())).toEqual(new Set(['rejected']));
    works = true;
    expect(new Set(await many())).toEqual(new Set(['fulfilled']));
    expect(count.asked).toBe(2);
  });
});

import { MovingClock } from '../../../test/harness/moving-clock.js';
import { UNREADY_MS, WriteHealth } from './write-health.js';

describe('the health of writes', () => {
  it('is good until the database takes none, and again with the next commit', () => {
    const health = new WriteHealth(new MovingClock(0));
    expect(health.failing).toBe(false);
    health.failed('race');
    health.failed('connection');
    expect(health.failing).toBe(false);
    health.failed('unavailable');
    expect(health.failing).toBe(true);
    health.committed();
    expect(health.failing).toBe(false);
  });

  it('lets writes try again after a while without any', () => {
    const clock = new MovingClock(0);
    const health = new WriteHealth(clock);
    health.failed('unavailable');
    clock.advance({ seconds: (UNREADY_MS - 1) / 1000 });
    expect(health.failing).toBe(true);
    clock.advance({ seconds: 0.001 });
    expect(health.failing).toBe(false);
  });
});

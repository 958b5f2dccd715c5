import { Subject } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { PublicEvent } from '../../kernel/public-event.js';
import type { CommitSignal } from './commit-signal.js';
import type { EventCursorStore } from './event-cursor.store.js';
import { LOG_START } from './event-cursor.js';
import type { EventLogQuery } from './event-log.query.js';
import type { EventPublisher } from './event-publisher.store.js';
import { Relay } from './relay.js';

/** A log of five events in memory, and a database that lets everybody lead. */
function story() {
  const events = ['1', '2', '3', '4', '5'].map((id) => ({
    event: { id } as PublicEvent,
    position: Number(id),
  }));
  const places = new Map<string, number>();
  const commits = new Subject<void>();
  const runner = { query: () => Promise.resolve([{ won: true }]), release: () => Promise.resolve() };
  const relay = new Relay(
    { createQueryRunner: () => runner } as unknown as DataSource,
    {
      after: (from: number) => Promise.resolve(events.filter(({ position }) => position > from)),
    } as unknown as EventLogQuery,
    { publish: () => Promise.resolve(0) } as unknown as EventPublisher,
    {
      read: (name: string) => Promise.resolve(places.get(name) ?? LOG_START),
      write: (name: string, place: number) => Promise.resolve(void places.set(name, place)),
    } as unknown as EventCursorStore,
    { commits } as unknown as CommitSignal,
  );
  return { relay, commit: () => commits.next() };
}

describe('a listener that fails at an event', () => {
  it('gets that event again, none of those before it, and holds up nobody else', async () => {
    const { relay, commit } = story();
    const seen: string[] = [];
    const others: string[] = [];
    let failures = 2;
    const finished = new Promise<void>((resolve) => {
      relay.listen({
        name: 'shaky',
        handle: ({ id }) => {
          seen.push(id);
          if (id === '3' && failures-- > 0) return Promise.reject(new Error('not now'));
          if (id === '5') resolve();
          return Promise.resolve();
        },
      });
    });
    relay.listen({ name: 'steady', handle: ({ id }) => Promise.resolve(void others.push(id)) });
    relay.onApplicationBootstrap();
    const nudging = setInterval(commit, 1);
    await finished;
    clearInterval(nudging);
    await relay.stop();
    expect(seen).toEqual(['1', '2', '3', '3', '3', '4', '5']);
    expect(others).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('a listener that hangs', () => {
  it('holds up neither the others nor the shutdown, and gets its event again', async () => {
    const { relay, commit } = story();
    const others: string[] = [];
    const asked: string[] = [];
    const hangs = new Promise<void>(() => undefined);
    const twice = new Promise<void>((resolve) => {
      relay.listen({
        name: 'stuck',
        limitMs: 10,
        handle: ({ id }) => {
          asked.push(id);
          if (asked.length === 2) resolve();
          return hangs;
        },
      });
    });
    relay.listen({ name: 'steady', handle: ({ id }) => Promise.resolve(void others.push(id)) });
    relay.listen({ name: 'endless', handle: () => hangs });
    relay.onApplicationBootstrap();
    const nudging = setInterval(commit, 1);
    await twice;
    clearInterval(nudging);
    await relay.stop(20);
    expect(asked).toEqual(['1', '1']);
    expect(others).toEqual(['1', '2', '3', '4', '5']);
  });

  it('is asked less and less often', async () => {
    const { relay, commit } = story();
    const at: number[] = [];
    const thrice = new Promise<void>((resolve) => {
      relay.listen({
        name: 'failing',
        handle: () => {
          at.push(performance.now());
          if (at.length === 3) resolve();
          return Promise.reject(new Error('never'));
        },
      });
    });
    relay.onApplicationBootstrap();
    const nudging = setInterval(commit, 1);
    await thrice;
    clearInterval(nudging);
    await relay.stop();
    const [first = 0, second = 0, third = 0] = at;
    // Timers may be early by a millisecond, and late by any time.
    expect(second - first).toBeGreaterThanOrEqual(499);
    expect(third - second).toBeGreaterThanOrEqual(999);
  });
});

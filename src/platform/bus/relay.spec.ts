import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { PublicEvent } from '../../kernel/public-event.js';
import type { LoggedEvent } from './event-log.query.js';
import type { ListenerPlace, ListenerStore } from './listener.store.js';
import type { Listener } from './listener.js';
import { Relay } from './relay.js';

const NEVER = new Promise<void>(() => undefined);

/** A log of five events in memory, with what is kept of its listeners. */
class Story {
  readonly places = new Map<string, ListenerPlace>();
  readonly letters: {
    consumer: string;
    position: number;
    attempts: number;
    error: string;
    asked: boolean;
  }[] = [];
  readonly failures: string[] = [];
  readonly relay: Relay;
  leads = true;
  /** How often the relay asked for the lead. */
  looks = 0;
  private readonly commits = new Subject<void>();
  private readonly events: LoggedEvent[] = [];

  constructor(background = true) {
    this.write('1', '2', '3', '4', '5');
    this.relay = new Relay({
      background,
      leader: {
        hold: () => Promise.resolve((this.looks += 1) > 0 && this.leads),
        release: () => Promise.resolve(),
      },
      publisher: { publish: () => Promise.resolve(0) },
      signal: { commits: this.commits },
      log: {
        after: (position, limit, { types } = {}) =>
          Promise.resolve(
            this.events
              .filter((logged) => logged.position > position && (types?.includes(logged.event.type) ?? true))
              .slice(0, limit),
          ),
      },
      store: this.store() as ListenerStore,
      random: () => 0,
      onFailure: (listener, isBuried) => void this.failures.push(`${listener} ${isBuried}`),
    });
  }

  write(...ids: readonly string[]): void {
    for (const id of ids) {
      const type = Number(id) % 2 ? 'odd' : 'even';
      this.events.push({ event: { id, type } as PublicEvent, position: this.events.length + 1 });
    }
  }

  /** Has the relay look, as often as it takes, until something holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      this.commits.next();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  begin(): this {
    this.relay.onApplicationBootstrap();
    return this;
  }

  private store(): Pick<ListenerStore, keyof ListenerStore> {
    const done = (_?: unknown) => Promise.resolve();
    return {
      look: () =>
        Promise.resolve({ end: this.events.length, retries: this.letters.filter(({ asked }) => asked) }),
      isWanted: (consumer, position) =>
        Promise.resolve(
          this.letters.some((each) => each.consumer === consumer && each.position === position && each.asked),
        ),
      open: ({ name, startsAt }: Listener, end: number) => {
        const place = this.places.get(name) ?? { position: startsAt === 'now' ? end : 0, attempts: 0 };
        this.places.set(name, place);
        return Promise.resolve(place);
      },
      advance: (name, position) => done(void this.places.set(name, { position, attempts: 0 })),
      failed: (name, place) => done(void this.places.set(name, place)),
      bury: (consumer, { position }, attempts, error) =>
        done(void this.letters.push({ consumer, position, attempts, error, asked: false })),
      handled: (consumer, position) => done(this.takeOff(consumer, position)),
      failedAgain: (consumer, position, error) => {
        const letter = this.letters.find((each) => each.consumer === consumer && each.position === position);
        if (letter) Object.assign(letter, { attempts: letter.attempts + 1, error, asked: false });
        return done();
      },
      forget: (name) => done(void this.places.delete(name)),
      views: () => Promise.resolve([]),
    };
  }

  private takeOff(consumer: string, position: number): void {
    const index = this.letters.findIndex((each) => each.consumer === consumer && each.position === position);
    this.letters.splice(index, 1);
  }
}

/** A listener that notes what it gets. */
function noting(name: string, more: Partial<Listener> = {}): Listener & { readonly seen: string[] } {
  const seen: string[] = [];
  return { name, seen, handle: ({ id }) => Promise.resolve(void seen.push(id)), ...more };
}

/** A listener that fails at one event, as often as it is told. */
function failing(name: string, at: string, times: number, more: Partial<Listener> = {}) {
  const seen: string[] = [];
  let left = times;
  const handle = ({ id }: PublicEvent): Promise<void> => {
    seen.push(id);
    return id === at && left-- > 0 ? Promise.reject(new Error('not now')) : Promise.resolve();
  };
  return { name, seen, handle, ...more };
}

const ALL = ['1', '2', '3', '4', '5'];

describe('the relay', () => {
  let story: Story;
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(true));
  beforeEach(() => void (story = new Story()));
  afterEach(() => story.relay.stop(0));

  it('hands a listener what comes after its place, each event once, and what is written later', async () => {
    const listener = noting('steady');
    story.relay.listen(listener);
    story.begin();
    await story.until(() => listener.seen.length === 5);
    story.write('6');
    await story.until(() => listener.seen.length === 6);
    expect(listener.seen).toEqual([...ALL, '6']);
    await story.until(() => story.places.get('steady')?.position === 6);
    expect(story.relay.lags()).toEqual(new Map([['steady', 0]]));
  });

  it('moves a listener past what it does not want', async () => {
    const listener = noting('even', { types: ['even'] });
    story.relay.listen(listener);
    story.begin();
    await story.until(() => story.places.get('even')?.position === 5);
    expect(listener.seen).toEqual(['2', '4']);
  });

  it('begins with what comes where a listener says so', async () => {
    const listener = noting('new', { startsAt: 'now' });
    story.relay.listen(listener);
    story.begin();
    await story.until(() => story.places.has('new'));
    story.write('6');
    await story.until(() => listener.seen.length > 0);
    expect(listener.seen).toEqual(['6']);
  });

  it('hands over nothing without background work, and takes listeners all the same', async () => {
    const quiet = new Story(false);
    const listener = noting('waiting');
    quiet.relay.listen(listener);
    quiet.begin();
    await quiet.relay.stop();
    expect(quiet.places.size).toBe(0);
    expect(listener.seen).toEqual([]);
  });

  it('hands over no other event once the lead is lost', async () => {
    const seen: string[] = [];
    let release = (): void => undefined;
    story.relay.listen({
      name: 'slow',
      handle: ({ id }) => {
        seen.push(id);
        return new Promise((resolve) => (release = resolve));
      },
    });
    story.begin();
    await story.until(() => seen.length === 1);
    story.leads = false;
    const { looks } = story;
    await story.until(() => story.looks >= looks + 2);
    release();
    await story.until(() => story.places.get('slow')?.position === 1);
    expect(seen).toEqual(['1']);
  });

  it('reads a listener’s place again after another process had the lead', async () => {
    const listener = noting('steady');
    story.relay.listen(listener);
    story.begin();
    await story.until(() => story.places.get('steady')?.position === 5);
    story.leads = false;
    await story.until(() => story.relay.lags().size === 0);
    story.places.set('steady', { position: 6, attempts: 0 });
    story.write('6', '7');
    story.leads = true;
    await story.until(() => story.places.get('steady')?.position === 7);
    expect(listener.seen).toEqual([...ALL, '7']);
  });
});

describe('a listener that fails at an event', () => {
  let story: Story;
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(true));
  beforeEach(() => void (story = new Story()));
  afterEach(() => story.relay.stop(0));

  it('gets that event again, none of those before it, and holds no other up', async () => {
    const shaky = failing('shaky', '3', 2);
    const steady = noting('steady');
    story.relay.listen(shaky);
    story.relay.listen(steady);
    story.begin();
    await story.until(() => story.places.get('steady')?.position === 5);
    expect(shaky.seen).toEqual(['1', '2', '3']);
    expect(story.places.get('shaky')).toEqual({ position: 2, attempts: 1 });
    await story.until(() => story.places.get('shaky')?.position === 5);
    expect(shaky.seen).toEqual(['1', '2', '3', '3', '3', '4', '5']);
    expect(story.failures).toEqual(['shaky false', 'shaky false']);
  });

  it('has the event put aside after its attempts, and goes on behind it', async () => {
    const broken = failing('broken', '3', 99, { attempts: 2 });
    story.relay.listen(broken);
    story.begin();
    await story.until(() => story.places.get('broken')?.position === 5);
    expect(broken.seen).toEqual(['1', '2', '3', '3', '4', '5']);
    expect(story.letters).toMatchObject([
      { consumer: 'broken', position: 3, attempts: 2, error: 'Error: not now' },
    ]);
    expect(story.failures).toEqual(['broken false', 'broken true']);
  });

  it('counts attempts on where another process or a restart goes on', async () => {
    story.places.set('broken', { position: 2, attempts: 4 });
    const broken = failing('broken', '3', 99, { attempts: 5 });
    story.relay.listen(broken);
    story.begin();
    await story.until(() => story.letters.length === 1);
    expect(story.letters).toMatchObject([{ position: 3, attempts: 5 }]);
  });

  it('gets a dead letter again when it is asked for, once', async () => {
    const broken = failing('broken', '3', 2, { attempts: 1 });
    story.relay.listen(broken);
    story.begin();
    await story.until(() => story.places.get('broken')?.position === 5);
    const [letter] = story.letters;
    Object.assign(letter as object, { asked: true });
    await story.until(() => letter?.attempts === 2);
    expect(story.letters).toEqual([
      { consumer: 'broken', position: 3, attempts: 2, error: 'Error: not now', asked: false },
    ]);
    Object.assign(letter as object, { asked: true });
    await story.until(() => story.letters.length === 0);
    expect(broken.seen).toEqual(['1', '2', '3', '4', '5', '3', '3']);
  });

  it('does not get a dead letter that was given up since the look', async () => {
    const broken = failing('broken', '3', 99, { attempts: 1 });
    let isUnderWay = false;
    let second = (): void => undefined;
    const gate = new Promise<void>((resolve) => (second = resolve));
    const handle = async (event: PublicEvent, signal: AbortSignal): Promise<void> => {
      if (broken.seen.length === 5) {
        isUnderWay = true;
        await gate;
      }
      await broken.handle(event, signal);
      if (event.id === '4') throw new Error('nor this');
    };
    story.relay.listen({ ...broken, handle });
    story.begin();
    await story.until(() => story.places.get('broken')?.position === 5);
    for (const letter of story.letters) Object.assign(letter, { asked: true });
    await story.until(() => isUnderWay);
    story.letters.splice(1, 1);
    second();
    await story.until(() => story.letters.every(({ asked }) => !asked));
    expect(broken.seen).toEqual([...ALL, '3']);
  });
});

describe('a listener that hangs', () => {
  let story: Story;
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(true));
  beforeEach(() => void (story = new Story()));

  it('has its signal aborted after its limit, holds no other up, and gets the event again', async () => {
    const signals: AbortSignal[] = [];
    const steady = noting('steady');
    story.relay.listen({
      name: 'stuck',
      limitMs: 5,
      handle: (_, signal) => {
        signals.push(signal);
        return NEVER;
      },
    });
    story.relay.listen(steady);
    story.begin();
    await story.until(() => signals.length === 2);
    expect(signals[0]?.aborted).toBe(true);
    expect(steady.seen).toEqual(ALL);
    await story.relay.stop(0);
  });

  it('does not hold up the shutdown, which aborts its signal', async () => {
    let given: AbortSignal | null = null;
    story.relay.listen({
      name: 'endless',
      handle: (_, signal) => {
        given = signal;
        return NEVER;
      },
    });
    story.begin();
    await story.until(() => given !== null);
    await story.relay.stop(1);
    expect((given as AbortSignal | null)?.aborted).toBe(true);
    expect(story.places.get('endless')).toEqual({ position: 0, attempts: 0 });
    expect(story.failures).toEqual([]);
  });

  it('finishes its event in a shutdown if it can, and gets no other', async () => {
    let release = (): void => undefined;
    const seen: string[] = [];
    story.relay.listen({
      name: 'slow',
      handle: ({ id }) => {
        seen.push(id);
        return new Promise((resolve) => (release = resolve));
      },
    });
    story.begin();
    await story.until(() => seen.length === 1);
    const stopped = story.relay.stop();
    release();
    await stopped;
    expect(seen).toEqual(['1']);
    expect(story.places.get('slow')?.position).toBe(1);
  });
});

describe('listeners that come and go', () => {
  let story: Story;
  beforeEach(() => void (story = new Story()));
  afterEach(() => story.relay.stop(0));

  it('are handed nothing once they are away, and go on from their place when they are back', async () => {
    story.begin();
    const first = noting('guest');
    const leave = story.relay.listen(first);
    expect(() => story.relay.listen(noting('guest'))).toThrow('two listeners guest');
    await story.until(() => first.seen.length === 5);
    await leave();
    story.write('6');
    const steady = noting('steady');
    story.relay.listen(steady);
    await story.until(() => steady.seen.length === 6);
    const second = noting('guest');
    story.relay.listen(second);
    await story.until(() => second.seen.length > 0);
    expect([first.seen, second.seen]).toEqual([ALL, ['6']]);
  });

  it('begin when the one before them under their name has noted its place', async () => {
    const seen: string[] = [];
    let release = (): void => undefined;
    const leave = story.relay.listen({
      name: 'guest',
      handle: ({ id }) => {
        seen.push(`first ${id}`);
        return new Promise((resolve) => (release = resolve));
      },
    });
    story.begin();
    await story.until(() => seen.length === 1);
    const left = leave();
    story.relay.listen({
      name: 'guest',
      handle: ({ id }) => Promise.resolve(void seen.push(`second ${id}`)),
    });
    const steady = noting('steady');
    story.relay.listen(steady);
    await story.until(() => steady.seen.length === 5);
    expect(seen).toEqual(['first 1']);
    release();
    await left;
    await story.until(() => seen.length === 5);
    expect(seen).toEqual(['first 1', 'second 2', 'second 3', 'second 4', 'second 5']);
  });

  it('are forgotten with their place, though not while they listen', async () => {
    story.begin();
    const listener = noting('guest');
    const leave = story.relay.listen(listener);
    await story.until(() => listener.seen.length === 5);
    await expect(story.relay.forget('guest')).rejects.toThrow('still there');
    await leave();
    await story.relay.forget('guest');
    expect(story.places.has('guest')).toBe(false);
  });

  it.each(['', '/etc', 'a'.repeat(101), 'new\nline'])('cannot be called %j', (name) => {
    expect(() => story.relay.listen(noting(name))).toThrow('no name of a listener');
  });
});

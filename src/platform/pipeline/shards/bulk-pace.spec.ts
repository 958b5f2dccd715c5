import { BulkPace, BURST, LONGEST_REST_MS, RESTS, TILLS_EXPECTED_MS } from './bulk-pace.js';

/** A burst that begins at an instant and takes so long. */
function burst(pace: BulkPace, at: number, takes: number, count = BURST): void {
  for (let index = 0; index < count; index += 1) pace.bulkBegins();
  for (let index = 0; index < count; index += 1) pace.bulkEnds(at + takes, at);
}

/** A till that sent at an instant and was answered at once. */
function till(pace: BulkPace, at: number): void {
  pace.singleBegins(at);
  pace.singleEnds(at);
}

describe('the pace of bulk commands', () => {
  it('has no bounds while no till sends', () => {
    const pace = new BulkPace();
    for (let index = 0; index < 10 * BURST; index += 1) {
      expect(pace.wait(0)).toBe(0);
      pace.bulkBegins();
    }
  });

  it('is a burst at a time while tills send, and the next waits until the last of it is answered', () => {
    const pace = new BulkPace();
    till(pace, 0);
    for (let index = 0; index < BURST; index += 1) {
      expect(pace.wait(0)).toBe(0);
      pace.bulkBegins();
    }
    expect(pace.wait(0)).toBe(Infinity);
    for (let index = 1; index < BURST; index += 1) pace.bulkEnds(5, 0);
    expect(pace.wait(5)).toBe(Infinity);
  });

  it('rests after a burst for three times as long as it took', () => {
    const pace = new BulkPace();
    till(pace, 0);
    burst(pace, 0, 10);
    expect(pace.wait(10)).toBe(10 * RESTS);
    expect(pace.wait(30)).toBe(10 * RESTS - 20);
    expect(pace.wait(10 + 10 * RESTS)).toBe(0);
  });

  it('rests after a burst that is not full, too', () => {
    const pace = new BulkPace();
    till(pace, 0);
    burst(pace, 0, 4, 1);
    expect(pace.wait(4)).toBe(4 * RESTS);
  });

  it('rests up to twice as long while a single command is under way, and no longer', () => {
    const pace = new BulkPace();
    burst(pace, 0, 10);
    pace.singleBegins(20);
    expect(pace.wait(10 + 10 * RESTS)).toBe(10 * RESTS);
    expect(pace.wait(10 + 2 * 10 * RESTS)).toBe(0);
    pace.singleEnds(45);
    expect(pace.wait(45)).toBe(0);
  });

  it('takes lines that come slowly for the little work that they are', () => {
    const pace = new BulkPace();
    till(pace, 100);
    pace.bulkBegins();
    pace.bulkBegins();
    pace.bulkEnds(102, 100);
    pace.bulkEnds(202, 200);
    expect(pace.wait(202)).toBe(2 * RESTS);
  });

  it('rests no longer than its bound, after however long a burst', () => {
    const pace = new BulkPace();
    burst(pace, 0, 60_000);
    till(pace, 60_000);
    expect(pace.wait(60_000)).toBe(LONGEST_REST_MS);
  });

  it('counts what was under way when the first till came as a burst', () => {
    const pace = new BulkPace();
    for (let index = 0; index <= BURST; index += 1) pace.bulkBegins();
    pace.singleBegins(1);
    expect(pace.wait(1)).toBe(Infinity);
  });

  it('has no bounds again once no till was there for a while', () => {
    const pace = new BulkPace();
    till(pace, 0);
    burst(pace, TILLS_EXPECTED_MS, 100);
    expect(pace.wait(TILLS_EXPECTED_MS + 100)).toBe(0);
  });

  it('keeps them while a single command is under way, however long', () => {
    const pace = new BulkPace();
    pace.singleBegins(0);
    for (let index = 0; index < BURST; index += 1) pace.bulkBegins();
    expect(pace.wait(10 * TILLS_EXPECTED_MS)).toBe(Infinity);
  });
});

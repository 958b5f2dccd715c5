import { BULK_TURN_MS, BulkTurns } from './bulk-turns.js';

describe('the turns of streams', () => {
  it('are one turn while their share of it lasts', async () => {
    const turns = new BulkTurns(() => 0);
    let immediates = 0;
    setImmediate(() => (immediates += 1));
    for (let line = 0; line < 1000; line += 1) await turns.next();
    expect(immediates).toBe(0);
  });

  it('end when the share is used up, so that other work of the loop runs between lines', async () => {
    let time = 0;
    const turns = new BulkTurns(() => time);
    let otherWork = 0;
    const work = setInterval(() => (otherWork += 1), 0);
    for (let line = 0; line < 50; line += 1) {
      await turns.next();
      time += BULK_TURN_MS;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    clearInterval(work);
    expect(otherWork).toBeGreaterThan(10);
  });

  it('go round: each stream that waits gets a turn', async () => {
    let time = 0;
    const turns = new BulkTurns(() => time);
    const order: string[] = [];
    const stream = async (name: string) => {
      for (let line = 0; line < 3; line += 1) {
        await turns.next();
        order.push(name);
        time += BULK_TURN_MS;
      }
    };
    await Promise.all([stream('a'), stream('b'), stream('c')]);
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  });
});

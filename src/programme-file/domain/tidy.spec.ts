import { tidy } from './tidy.js';

describe('a definition in a file', () => {
  it('has its name first, the other fields by their names, and nothing that is null', () => {
    const tidied = tidy({
      points: 1,
      condition: null,
      amount: { stepMinor: 5, type: 'perSpend', multipliers: {} },
      name: 'base',
      lines: [{ b: 1, a: null, key: 'x' }],
    });
    expect(JSON.stringify(tidied)).toBe(
      '{"name":"base","amount":{"type":"perSpend","multipliers":{},"stepMinor":5},"lines":[{"key":"x","b":1}],"points":1}',
    );
  });

  it('does not depend on the order in which its fields were stored', () => {
    expect(JSON.stringify(tidy({ a: 1, Z: 2, b: [null] }))).toBe(
      JSON.stringify(tidy({ b: [null], Z: 2, a: 1 })),
    );
  });
});

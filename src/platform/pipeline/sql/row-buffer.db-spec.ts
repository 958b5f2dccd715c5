import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import type { ColumnType } from '../contract/table.js';
import { RowBuffer } from './row-buffer.js';
import { rowType, unnested, type RowType } from './row-type.js';
import { RowTypes } from './row-types.js';

describe('rows in binary', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.applicationUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /** What PostgreSQL makes of values, printed by it. */
  async function sent(
    type: RowType,
    rows: readonly (readonly unknown[])[],
  ): Promise<Record<string, unknown>[]> {
    const buffer = new RowBuffer(type);
    for (const row of rows) {
      buffer.begin();
      for (const [index, { type: column }] of type.columns.entries()) buffer.put(column, row[index]);
    }
    const types = new RowTypes();
    await types.require(client, [type]);
    const columns = type.columns.map(({ name }) => `u.${name}::text`).join(', ');
    const text = `SELECT ${columns} FROM ${unnested(1, type)}`;
    const values = [buffer.finish(types.oid(type))];
    return (await client.query<Record<string, unknown>>({ text, values })).rows;
  }

  it.each([
    ['id', 'acc_01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
    ['uuid', '01890a5d-ac96-774b-bcce-b302099a8057', '01890a5d-ac96-774b-bcce-b302099a8057'],
    ['instant', Date.parse('2026-03-10T12:00:00.123Z'), '2026-03-10 12:00:00.123+00'],
    ['instant', '2026-03-10T12:00:00+01:00', '2026-03-10 11:00:00+00'],
    ['instant', 0, '1970-01-01 00:00:00+00'],
    ['instant', Date.parse('1999-12-31T23:59:59.999Z'), '1999-12-31 23:59:59.999+00'],
    ['instant', Date.parse('9999-12-31T23:59:59.999Z'), '9999-12-31 23:59:59.999+00'],
    ['json', [{ a: 1, b: '點數' }], '[{"a":1,"b":"點數"}]'],
    ['json', 'text', '"text"'],
    ['bytea', 'c0ffee', '\\xc0ffee'],
    ['bytea', '', '\\x'],
    ['bytea', 'ab'.repeat(40_000), `\\x${'ab'.repeat(40_000)}`],
    ['bigint', 2n ** 62n, '4611686018427387904'],
    ['bigint', -(2n ** 63n), '-9223372036854775808'],
    ['bigint', 9_007_199_254_740_991, '9007199254740991'],
    ['bigint', -9_007_199_254_740_991, '-9007199254740991'],
    ['bigint', 4_294_967_296, '4294967296'],
    ['bigint', -1, '-1'],
    ['bigint', 0, '0'],
    ['int', -2_147_483_648, '-2147483648'],
    ['text', '', ''],
    ['text', 'a"b\\c,{}\n', 'a"b\\c,{}\n'],
    ['text', '會員 😀 é', '會員 😀 é'],
    ['text', `${'x'.repeat(39)}é`, `${'x'.repeat(39)}é`],
    ['text', '會'.repeat(20_000), '會'.repeat(20_000)],
    ['boolean', false, 'false'],
    ['boolean', true, 'true'],
    ['date', '2026-03-10', '2026-03-10'],
    ['date', '0001-01-01', '0001-01-01'],
  ] as const)('%s %p', async (type, value, printed) => {
    const rows = await sent(rowType('probe', [{ name: 'x', type }]), [[value]]);
    expect(rows).toEqual([{ x: printed }]);
  });

  it('keeps nothing apart from something, and rows apart from each other', async () => {
    const types: readonly ColumnType[] = [
      ...(['id', 'text', 'int', 'bigint', 'boolean', 'instant', 'date', 'json', 'bytea'] as const),
    ];
    const type = rowType(
      'nulls',
      types.map((column) => ({ name: `x_${column}`, type: column })),
    );
    const rows = await sent(type, [types.map(() => null), types.map(() => undefined)]);
    const nothing = Object.fromEntries(types.map((column) => [`x_${column}`, null]));
    expect(rows).toEqual([nothing, nothing]);
  });

  it('may be none', async () => {
    expect(await sent(rowType('none', [{ name: 'x', type: 'text' }]), [])).toEqual([]);
  });

  it('grows with its rows and begins anew when it is cleared', async () => {
    const type = rowType('many', [
      { name: 'no', type: 'int' },
      { name: 'text', type: 'text' },
    ]);
    const rows = Array.from({ length: 5_000 }, (_, no) => [no, `row ${no} `.repeat(no % 50)]);
    expect(await sent(type, rows)).toEqual(rows.map(([no, text]) => ({ no: String(no), text })));
    const buffer = new RowBuffer(type);
    buffer.begin();
    buffer.clear();
    expect(buffer.rows).toBe(0);
  });

  it.each([
    ['id', 'acc_nonsense'],
    ['uuid', '01890a5d'],
    ['instant', 'yesterday'],
    ['instant', 1.5],
    ['date', '2026-02-31x'],
  ] as const)('refuses %s %p', (type, value) => {
    const buffer = new RowBuffer(rowType('probe', [{ name: 'x', type }]));
    buffer.begin();
    expect(() => buffer.put(type, value)).toThrow(RangeError);
  });

  it('makes a type once, from however many connections', async () => {
    const type = rowType('raced', [{ name: 'x', type: 'int' }]);
    const others = [1, 2, 3].map(() => new pg.Client({ connectionString: database.applicationUrl }));
    await Promise.all(others.map((other) => other.connect()));
    const made = others.map(() => new RowTypes());
    await Promise.all(made.map((types, index) => types.require(others[index] as pg.Client, [type])));
    expect(new Set(made.map((types) => types.oid(type))).size).toBe(1);
    await Promise.all(others.map((other) => other.end()));
    expect(() => new RowTypes().oid(type)).toThrow('was not asked for');
  });
});

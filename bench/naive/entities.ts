import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { Pattern } from '../limit/pattern.js';
import type { WrittenTable } from '../limit/written-rows.js';
import type { Row } from './row-template.js';

/**
 * An entity for each table that a purchase writes, with the columns that the table has: an entity class would have
 * to be changed with every migration, and TypeORM makes the same of both.
 */
export function entitiesOf({ tables }: Pattern): ReadonlyMap<string, EntitySchema<Row>> {
  return new Map([...tables, MEMBER_IDENTITIES].map((table) => [table.name, entityOf(table)]));
}

/** By which a member is found; nothing is written to it. */
const MEMBER_IDENTITIES = {
  name: 'member_identities',
  key: ['programme_id', 'type', 'value'],
  columns: ['programme_id', 'type', 'value', 'member_id', 'account_id'].map((name) => ({
    name,
    type: name.endsWith('_id') ? 'uuid' : 'text',
  })),
};

interface Described {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly Pick<WrittenTable['columns'][number], 'name' | 'type'>[];
}

function entityOf({ name, key, columns }: Described): EntitySchema<Row> {
  const options = columns.map((column): [string, EntitySchemaColumnOptions] => [
    column.name,
    {
      type: column.type as EntitySchemaColumnOptions['type'],
      primary: key.includes(column.name),
      nullable: !key.includes(column.name),
    },
  ]);
  return new EntitySchema<Row>({ name, tableName: name, columns: Object.fromEntries(options) });
}

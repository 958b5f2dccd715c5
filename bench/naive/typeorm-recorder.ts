import {
  DataSource,
  type EntityManager,
  type EntitySchema,
  type FindOptionsWhere,
  type Repository,
} from 'typeorm';
import type { Growth, PurchaseRows, PurchaseWork } from './purchase-rows.js';
import type { ReceiptDto } from './receipt.dto.js';
import type { Recorder, RecorderOptions } from './recorder.js';
import type { Row } from './row-template.js';

/** `save`: entities are read, changed and saved. `insert`: `insert()` and `update()`, which read nothing first. */
export type TypeormWay = 'save' | 'insert';

export interface TypeormOptions extends RecorderOptions {
  readonly way: TypeormWay;
  readonly entities: ReadonlyMap<string, EntitySchema<Row>>;
}

/** TypeORM's repositories in one transaction a request. */
export class TypeormRecorder implements Recorder {
  private constructor(
    private readonly dataSource: DataSource,
    private readonly rows: PurchaseRows,
    private readonly options: TypeormOptions,
  ) {}

  static async connect(rows: PurchaseRows, options: TypeormOptions): Promise<TypeormRecorder> {
    const { databaseUrl: url, poolSize, entities } = options;
    const dataSource = new DataSource({ type: 'postgres', url, poolSize, entities: [...entities.values()] });
    return new TypeormRecorder(await dataSource.initialize(), rows, options);
  }

  record(receipt: ReceiptDto): Promise<string | null> {
    return this.dataSource.transaction(async (manager) => {
      const of = (table: string) => this.repository(manager, table);
      const identity = await of('member_identities').findOneBy({
        programme_id: this.options.programmeId,
        type: 'externalId',
        value: receipt.member.externalId,
      });
      if (identity === null) return null;
      const { account_id, member_id } = identity as { account_id: string; member_id: string };
      const account = await of('accounts').findOneOrFail({
        where: { account_id },
        lock: { mode: 'pessimistic_write' },
      });
      const work = this.rows.of(receipt, { accountId: account_id, memberId: member_id, account });
      if (this.options.way === 'save') await this.save(of, account, work);
      else await this.insert(of, account_id, work);
      return work.answer;
    });
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  private async save(of: Tables, account: Row, work: PurchaseWork): Promise<void> {
    for (const { table, rows } of work.inserts) await of(table).save(of(table).create([...rows]));
    for (const growth of work.growths) {
      const { table, key } = growth;
      const found = await of(table).findOneBy(where(key));
      await of(table).save(
        found === null ? of(table).create({ ...key, ...growth.added }) : grown(found, growth),
      );
    }
    await of('accounts').save(Object.assign(account, work.account));
  }

  private async insert(of: Tables, accountId: string, work: PurchaseWork): Promise<void> {
    for (const { table, rows } of work.inserts) await of(table).insert([...rows]);
    for (const growth of work.growths) {
      const { table, key, added } = growth;
      const found = await of(table).findOneBy(where(key));
      if (found === null) await of(table).insert({ ...key, ...added });
      else await of(table).update(where(key), sums(found, added));
    }
    await of('accounts').update({ account_id: accountId }, work.account);
  }

  private repository(manager: EntityManager, table: string): Repository<Row> {
    return manager.getRepository(this.options.entities.get(table) as EntitySchema<Row>);
  }
}

/** Values of keys are what they are equal to. */
function where(key: Row): FindOptionsWhere<Row> {
  return key as FindOptionsWhere<Row>;
}

type Tables = (table: string) => Repository<Row>;

function grown(row: Row, { added }: Growth): Row {
  return Object.assign(row, sums(row, added));
}

function sums(row: Row, added: Growth['added']): Row {
  return Object.fromEntries(Object.entries(added).map(([name, value]) => [name, Number(row[name]) + value]));
}

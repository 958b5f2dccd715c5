import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { numberedId } from '../../../test/builders/ids.js';
import { idToUuid } from '../../kernel/ids.js';
import { UuidV7Source } from '../../platform/ids/uuid-v7-source.js';
import type { Metrics } from '../../platform/observability/metrics.js';
import { DueTargets, type Pipeline } from '../../platform/pipeline/index.js';
import { ApplyDue } from './apply-due.js';

const clock = { now: () => Date.parse('2026-03-01T00:00:00Z') };

/** A job that is told page after page of due accounts, by their numbers. */
function jobOf(pages: readonly (readonly number[])[], answered = true, undecidable: readonly number[] = []) {
  const asked: string[] = [];
  const left = [...pages];
  const row = (number: number) => ({
    account_id: idToUuid(numberedId('acc', number)),
    programme_id: idToUuid(numberedId('prg', 1)),
    member_id: number > 100 ? idToUuid(numberedId('mbr', number)) : null,
  });
  const excepted: unknown[] = [];
  const dataSource = {
    query: (_sql: string, values: readonly unknown[]) => {
      excepted.push(values[3]);
      return Promise.resolve((left.shift() ?? []).map(row));
    },
  };
  const bad = new Set<string>(undecidable.map((number) => numberedId('acc', number)));
  const pipeline = {
    whenRoom: () => Promise.resolve(),
    submit: ({ target }: { target: { id: string } }) => {
      asked.push(target.id);
      if (bad.has(target.id)) return Promise.reject(new Error('points do not add up'));
      return Promise.resolve({ kind: answered ? 'answered' : 'refused' });
    },
  };
  const metrics = { watchOverdue: () => undefined, dueApplied: () => undefined };
  const job = new ApplyDue(
    dataSource as unknown as DataSource,
    clock,
    new UuidV7Source(clock),
    pipeline as unknown as Pipeline,
    new DueTargets([]),
    metrics as unknown as Metrics,
  );
  return { job, asked, excepted };
}

describe('applying what is due', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(true));

  it('goes on page by page until nothing is', async () => {
    const { job, asked } = jobOf([[1, 2], [2, 3], []]);
    expect(await job.all()).toBe(4);
    expect(asked).toHaveLength(4);
  });

  it('applies what is due to members of an account one by one', async () => {
    const { job, asked } = jobOf([[1, 101, 102], []]);
    expect(await job.all()).toBe(3);
    expect(asked).toEqual([numberedId('acc', 1), numberedId('mbr', 101), numberedId('mbr', 102)]);
  });

  it('ends where everything on a page was on the one before: that would go on for ever', async () => {
    const { job } = jobOf(Array.from({ length: 50 }, () => [1, 2]));
    expect(await job.all()).toBe(4);
  });

  it('ends where every command of a page is refused, and where it is aborted', async () => {
    const refused = jobOf([[1], [2]], false);
    expect(await refused.job.all()).toBe(0);
    expect(refused.asked).toHaveLength(1);
    expect(await jobOf([[1], [2]]).job.all(AbortSignal.abort())).toBe(1);
  });

  it('goes on where an account cannot be decided, leaves it out from then on, and names it at the end', async () => {
    const { job, asked, excepted } = jobOf([[1, 2], [3, 4], []], true, [1, 3]);
    const bad = [numberedId('acc', 1), numberedId('acc', 3)];
    await expect(job.all()).rejects.toMatchObject({
      accounts: bad,
      count: 2,
      cause: { message: 'points do not add up' },
    });
    expect(asked).toHaveLength(4);
    expect(excepted).toEqual([[], bad.slice(0, 1).map(idToUuid), bad.map(idToUuid)]);
  });
});

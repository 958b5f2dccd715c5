import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import { DATA_SOURCE } from '../platform/tokens.js';

const BEGUN = `SELECT EXISTS (SELECT FROM movements m JOIN accounts a ON a.account_id = m.account_id
  WHERE a.programme_id = $1 AND m.liability <> 0) AS begun`;

/** Reads whether a programme's books have begun. */
@Injectable()
export class BooksQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Whether any movement of the programme carries money. */
  async begun(programmeId: ProgrammeId): Promise<boolean> {
    const [row] = await this.dataSource.query<{ begun: boolean }[]>(BEGUN, [idToUuid(programmeId)]);
    return row?.begun === true;
  }
}

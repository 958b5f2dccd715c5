import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE } from '../platform/tokens.js';

/** Keys in use that were given further scopes when the ones they had were split. */
const KEPT = `SELECT k.name, k.hint FROM api_keys k
  WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    AND EXISTS (SELECT FROM audit_log l WHERE l.subject_id = k.key_id AND l.action = 'key.scopes_kept')
  ORDER BY k.created_at LIMIT 100`;

/** Says at each start which keys still may do all that they could before `pos` and `admin` were split. */
@Injectable()
export class KeptScopes implements OnApplicationBootstrap {
  private readonly logger = new Logger(KeptScopes.name);

  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    const keys = await this.dataSource.query<{ name: string; hint: string }[]>(KEPT);
    if (keys.length === 0) return;
    const names = keys.map(({ name, hint }) => `${name} (${hint}…)`).join(', ');
    this.logger.warn(
      `These keys kept the scopes members, transfers, keys or limits that were split from theirs: ${names}. ` +
        'Make new ones with what they need and revoke them: docs/operations.md#keys',
    );
  }
}

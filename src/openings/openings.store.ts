import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid } from '../kernel/ids.js';
import { appendAudit } from '../platform/audit/audit.store.js';
import type { ConfigAct } from '../platform/versioned-config/config.store.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { ControlTotals } from './domain/opening-lot.js';

/** Notes in the audit log what came in with a request; the lots themselves go through the pipeline. */
@Injectable()
export class OpeningsStore {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async noteBroughtIn(act: ConfigAct, source: string, broughtIn: ControlTotals): Promise<void> {
    await appendAudit(this.dataSource.manager, {
      auditId: idToUuid(act.ids.next('adt')),
      programmeId: idToUuid(act.programmeId),
      at: new Date(act.now),
      actor: act.actor,
      action: 'openings.broughtIn',
      subject: `openings/${source}`,
      before: null,
      after: { source, ...broughtIn },
      record: null,
    });
  }
}

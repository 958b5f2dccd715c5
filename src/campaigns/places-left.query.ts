import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/time.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { ALL_DAYS } from './places.slice.js';

const LEFT = `SELECT p.day, sum(p.places)::text AS places FROM campaign_places p
  WHERE p.programme_id = $1 AND p.campaign_id = $2 AND p.day IN ('', $3) GROUP BY p.day`;

/** Reads the places that campaigns have left: sums over their slices, in one snapshot. */
@Injectable()
export class PlacesLeftQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @returns null where there is no limit, or members cannot register on the day. */
  async find(
    programmeId: ProgrammeId,
    campaignId: string,
    day: LocalDate,
  ): Promise<{ readonly inAll: number | null; readonly today: number | null }> {
    const values = [idToUuid(programmeId), campaignId, day];
    const rows = await this.dataSource.query<{ day: string; places: string | null }[]>(LEFT, values);
    const of = (wanted: string) => {
      const places = rows.find((row) => row.day === wanted)?.places ?? null;
      return places === null ? null : Number(places);
    };
    return { inAll: of(ALL_DAYS), today: of(day) };
  }
}

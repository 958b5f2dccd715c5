import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { isId } from '../kernel/ids.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { FinanceReports, momentView } from './finance-reports.service.js';
import { JournalQueryDto, LotsQueryDto, ReportQueryDto, RollForwardQueryDto } from './finance.dto.js';
import { journalCsv } from './journal-export.js';
import { lotsCsv, lotTotalsView, lotView } from './lot-export.js';
import { LotListingQuery } from './lot-listing.query.js';
import { recordsCsv } from './report-csv.js';
import { offeredFormat, sendCsv } from './send-report.js';

@ApiTags('finance')
@Controller('v1/finance')
@Scopes('finance', 'auditor')
export class FinanceController {
  constructor(
    private readonly reports: FinanceReports,
    private readonly lotListing: LotListingQuery,
  ) {}

  @Get('liability')
  @Answers(200, 'Liability', 'text/csv')
  @ApiOperation({ summary: 'The contract liability of outstanding points at a day or an instant' })
  async liability(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { format, ...moment }: ReportQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const csv = offeredFormat(format) === 'csv';
    const report = await this.reports.liability(programmeId, moment);
    if (!csv) return void reply.send(report);
    const records = report.lines.map((line) => ({ asOf: report.asOf, knownAt: report.knownAt, ...line }));
    sendCsv(reply, `liability-${report.asOf}`, recordsCsv(records));
  }

  @Get('tie-out')
  @Answers(200, 'TieOut', 'text/csv')
  @ApiOperation({ summary: 'Lots recomputed one by one against the control account' })
  async tieOut(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { format, ...moment }: ReportQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const csv = offeredFormat(format) === 'csv';
    const report = await this.reports.tieOut(programmeId, moment);
    if (!csv) return void reply.send(report);
    const records = report.lines.map((line) => ({ asOf: report.asOf, knownAt: report.knownAt, ...line }));
    sendCsv(reply, `tie-out-${report.asOf}`, recordsCsv(records));
  }

  @Get('roll-forward')
  @Answers(200, 'RollForward', 'text/csv')
  @ApiOperation({ summary: 'Opening, movements and closing of each month, in points and in money' })
  async rollForward(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { from, to, knownAt, format }: RollForwardQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const csv = offeredFormat(format) === 'csv';
    const report = await this.reports.rollForward(programmeId, from, to, knownAt);
    if (!csv) return void reply.send(report);
    const { entity, currency, months } = report;
    const records = months.flatMap(({ period, rows }) =>
      rows.map((row) => ({ period, entity, currency, ...row })),
    );
    sendCsv(reply, `roll-forward-${from}-${to}`, recordsCsv(records));
  }

  @Get('journal')
  @Answers(200, 'Journal', 'text/csv')
  @ApiOperation({ summary: 'The general ledger journal of a range of posting dates' })
  async journal(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { lang = 'en', format, ...range }: JournalQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const csv = offeredFormat(format) === 'csv';
    const journal = await this.reports.journal(programmeId, range, lang);
    if (!csv) return void reply.send(journal);
    sendCsv(reply, `journal-${journal.batchId}`, journalCsv(journal));
  }

  @Get('lots')
  @Answers(200, 'LotListing', 'text/csv')
  @ApiOperation({ summary: 'The lot listing at a cut-off; totals come with the first page' })
  async lots(
    @CurrentCaller() { programmeId }: Caller,
    @Query() query: LotsQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const csv = offeredFormat(query.format) === 'csv';
    const { limit = DEFAULT_PAGE_SIZE, cursor } = query;
    if (cursor !== undefined && !isId('lot', cursor)) {
      throw invalid([
        { pointer: '/cursor', code: 'NOT_A_CURSOR', detail: `${cursor} is not the nextCursor of a page.` },
      ]);
    }
    const listing = await this.reports.listing(programmeId, query);
    const { currency } = listing;
    const moment = momentView(listing);
    if (csv) {
      const text = lotsCsv(this.lotListing.stream(listing), currency);
      return sendCsv(reply, `lots-${moment.asOf}`, text);
    }
    const lots = await this.lotListing.page(listing, cursor ?? null, limit + 1);
    const totals =
      cursor === undefined ? lotTotalsView(await this.lotListing.totals(listing), currency) : null;
    const page = lots.slice(0, limit);
    const nextCursor = lots.length > limit ? (page.at(-1)?.lotId ?? null) : null;
    void reply.send({
      ...moment,
      currency,
      totals,
      data: page.map((lot) => lotView(lot, currency)),
      nextCursor,
    });
  }
}

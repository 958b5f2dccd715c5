import { Module } from '@nestjs/common';
import { BudgetReportQuery } from './budget-report.query.js';
import { BudgetsController } from './budgets.controller.js';

@Module({ controllers: [BudgetsController], providers: [BudgetReportQuery] })
export class BudgetsModule {}

import type { Report } from './torture.js';

/** One line for a run that is going on. */
export function statusLine({ requests, disasters, cuts, checks, violationCount }: Report): string {
  const total = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    `${total(requests)} answers (${pairs(requests)})`,
    `${total(disasters)} disasters, ${total(cuts)} connections cut`,
    `${checks.rounds} checks, ${checks.commandsCounted} commands counted`,
    `${violationCount} violations`,
  ].join('; ');
}

/** The whole report for a person. */
export function reportTable(report: Report): string {
  const { seed, seconds, processes, connections, operations, checks, violationCount, violations } = report;
  const columns = ['acknowledged', 'refused', 'unknown', 'unknownButDone'] as const;
  const heads = ['operation', 'acknowledged', 'refused', 'unknown', 'of those done'];
  const rows = Object.entries(operations).map(([name, figures]) => [
    name,
    ...columns.map((column) => String(figures[column])),
  ]);
  const sums = columns.map((column) =>
    String(Object.values(operations).reduce((sum, figures) => sum + figures[column], 0)),
  );
  return [
    '',
    `seed ${seed}: ${seconds} s of storm, ${processes} engines, ${connections} connections`,
    '',
    ...[heads, ...rows, ['all', ...sums]].map(tableRow),
    '',
    `answers:          ${pairs(report.requests)}`,
    `disasters:        ${pairs(report.disasters)}`,
    `connections cut:  ${pairs(report.cuts)}`,
    `publications:     ${pairs(report.publications)}`,
    `checks:           ${pairs(checks)}`,
    `violations:       ${violationCount}`,
    ...violations.map((violation) => `  ${violation}`),
    '',
  ].join('\n');
}

function tableRow([name = '', ...figures]: readonly string[]): string {
  return name.padEnd(24) + figures.map((figure) => figure.padStart(14)).join('');
}

function pairs(counts: object): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}

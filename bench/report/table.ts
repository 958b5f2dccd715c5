import { medianOf, medianRatio } from '../measure/statistics.js';
import type { Finding, SceneResult, Target } from '../scene.js';

const NAME_WIDTH = 46;

/** A scene's table, its findings with their targets, and its notes. */
export function sceneText(name: string, purpose: string, result: SceneResult): string {
  const lines = ['', `${name}: ${purpose}`, ''];
  if (result.measured.length > 0) lines.push(...tableLines(result), '');
  lines.push(...result.findings.map(findingLine));
  lines.push(...result.notes.map((note) => `  * ${note}`), '');
  return lines.join('\n');
}

/** Whether a figure is what is asked for; null without a target. */
export function meets({ value, target }: Finding): boolean | null {
  if (target === undefined || (target.least === undefined && target.most === undefined)) return null;
  return (
    (target.least === undefined || value >= target.least) &&
    (target.most === undefined || value <= target.most)
  );
}

function tableLines({ measured, reference }: SceneResult): string[] {
  const other = measured.find(({ name }) => name === reference);
  const title = other === undefined ? '' : 'ratio';
  const head = ['per second', title, 'p50 ms', 'p99 ms', 'p99.9 ms', 'node us', 'postgres us', 'load us'];
  const rows = measured.map((row) => [
    whole(medianOf(row, ({ perSecond }) => perSecond)),
    other === undefined ? '' : ratio(medianRatio(row, other)),
    millis(medianOf(row, ({ latencies }) => latencies?.p50)),
    millis(medianOf(row, ({ latencies }) => latencies?.p99)),
    millis(medianOf(row, ({ latencies }) => latencies?.p999)),
    micros(medianOf(row, ({ nodeMicros }) => nodeMicros)),
    micros(medianOf(row, ({ postgresMicros }) => postgresMicros)),
    micros(medianOf(row, ({ loadMicros }) => loadMicros)),
  ]);
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(NAME_WIDTH)}${cells.map((cell, index) => cell.padStart((head[index] as string).length + 3)).join('')}`;
  const about = other === undefined ? [] : [`  ratio: to "${other.name}", round by round`];
  return [line('', head), ...measured.map(({ name }, index) => line(name, rows[index] ?? [])), ...about];
}

function findingLine(finding: Finding): string {
  const { name, value, unit = '', target } = finding;
  const verdict = { true: 'PASS', false: 'MISS', null: '    ' }[
    String(meets(finding)) as 'true' | 'false' | 'null'
  ];
  const asked = target === undefined ? '' : `   target ${targetText(target)}${unit === '' ? '' : ` ${unit}`}`;
  return `  ${verdict} ${name.padEnd(NAME_WIDTH + 20)} ${figure(value).padStart(10)} ${unit.padEnd(6)}${asked}`;
}

export function targetText({ least, most, aim }: Target): string {
  const parts = [
    ...(least === undefined ? [] : [`>= ${least}`]),
    ...(most === undefined ? [] : [`<= ${most}`]),
    ...(aim === undefined ? [] : [`aim ${aim}`]),
  ];
  return parts.join(', ');
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 100 ? 1 : 2);
}

function ratio(value: number): string {
  return value.toFixed(value < 0.1 ? 3 : 2);
}

function whole(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : '';
}

function millis(value: number): string {
  return Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 1) : '';
}

function micros(value: number): string {
  return value > 0 ? value.toFixed(0) : '';
}

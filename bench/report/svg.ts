const FONT = 'font-family="Helvetica, Arial, sans-serif"';
const COLOURS = ['#2a6f97', '#c8553d', '#588157', '#8e6c8a', '#bc8a2f', '#4d4d4d'];

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Points alone, or a line through them; default a line with points. */
  readonly style?: 'points' | 'line';
}

export interface Axis {
  /** What it shows, with its unit. */
  readonly label: string;
  readonly scale?: 'linear' | 'log';
  /** Where a linear axis begins; default 0. */
  readonly from?: number;
}

/** A plot of lines over an axis of numbers, on white. */
export function lineChart(title: string, x: Axis, y: Axis, series: readonly Series[]): string {
  const [width, height] = [760, 440];
  const frame = { left: 90, right: 30, top: 60, bottom: 90 };
  const all = series.flatMap(({ points }) => points);
  const across = scaleOf(
    x,
    all.map(([value]) => value),
    frame.left,
    width - frame.right,
  );
  const up = scaleOf(
    y,
    all.map(([, value]) => value),
    height - frame.bottom,
    frame.top,
  );
  const parts = [
    ...up.ticks.map((tick) => rule(frame.left, width - frame.right, up.at(tick), tickText(tick))),
    ...across.ticks.map((tick) => mark(across.at(tick), height - frame.bottom, tickText(tick))),
    text((frame.left + width - frame.right) / 2, height - frame.bottom + 42, x.label, 13),
    `<g transform="translate(24 ${(frame.top + height - frame.bottom) / 2}) rotate(-90)">${text(0, 0, y.label, 13)}</g>`,
    ...series.map((one, index) => drawn(one, colour(index), across.at, up.at)),
    ...legend(series, frame.left, height - 20),
  ];
  return document(width, height, title, parts);
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Written behind the bar. */
  readonly text: string;
}

/** Horizontal bars from 0, on white; `marks` are lines across at a value, with a word each. */
export function barChart(
  title: string,
  label: string,
  bars: readonly Bar[],
  marks: readonly { readonly value: number; readonly text: string }[] = [],
): string {
  const [width, row, left, right, top] = [880, 30, 350, 160, 70];
  const bottom = top + bars.length * row;
  const values = [...bars.map(({ value }) => value), ...marks.map(({ value }) => value)];
  const across = scaleOf({ label }, values, left, width - right);
  const parts = [
    ...across.ticks.map(
      (tick) =>
        `<line x1="${n(across.at(tick))}" x2="${n(across.at(tick))}" y1="${top}" y2="${bottom}" stroke="#e2e2e2"/>` +
        text(across.at(tick), bottom + 18, tickText(tick), 12),
    ),
    ...bars.map(({ name, value, text: behind }, index) => {
      const y = top + index * row;
      const length = Math.max(1, across.at(value) - left);
      return (
        text(left - 10, y + 20, name, 13, 'end') +
        `<rect x="${left}" y="${y + 5}" width="${n(length)}" height="${row - 10}" fill="${COLOURS[0]}"/>` +
        text(left + length + 8, y + 20, behind, 12, 'start')
      );
    }),
    ...marks.map(
      ({ value, text: word }) =>
        `<line x1="${n(across.at(value))}" x2="${n(across.at(value))}" y1="${top - 8}" y2="${bottom}" stroke="${COLOURS[1]}" stroke-dasharray="5 4"/>` +
        text(across.at(value), top - 13, word, 12),
    ),
    text((left + width - right) / 2, bottom + 42, label, 13),
  ];
  return document(width, bottom + 60, title, parts);
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function scaleOf(
  { scale = 'linear', from = 0 }: Axis,
  values: readonly number[],
  start: number,
  end: number,
): Scale {
  const finite = values.filter(Number.isFinite);
  const most = Math.max(...finite, from + 1e-9);
  if (scale === 'log') {
    const least = Math.min(...finite.filter((value) => value > 0), most);
    const low = Math.floor(Math.log10(least));
    const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
    const at = (value: number): number => start + ((Math.log10(value) - low) / (high - low)) * (end - start);
    return { at, ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)) };
  }
  const step = niceStep((most - from) / 5);
  const count = Math.max(1, Math.ceil((most - from) / step - 1e-9));
  const top = from + count * step;
  return {
    at: (value) => start + ((value - from) / (top - from)) * (end - start),
    ticks: Array.from({ length: count + 1 }, (_, index) => from + index * step),
  };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
}

function drawn(
  { points, style }: Series,
  stroke: string,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const places = points
    .filter(([, value]) => Number.isFinite(value))
    .map(([a, b]) => [n(x(a)), n(y(b))] as const);
  const path = places.map((place) => place.join(',')).join(' ');
  const line =
    style === 'points' ? '' : `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2"/>`;
  const dots =
    style === 'line'
      ? ''
      : places.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3.5" fill="${stroke}"/>`).join('');
  return line + dots;
}

function legend(series: readonly Series[], left: number, y: number): string[] {
  let x = left;
  return series.map(({ name }, index) => {
    const at = x;
    x += 34 + name.length * 7;
    return `<rect x="${at}" y="${y - 9}" width="16" height="10" fill="${colour(index)}"/>${text(at + 22, y, name, 12, 'start')}`;
  });
}

function rule(left: number, right: number, y: number, word: string): string {
  return `<line x1="${left}" x2="${right}" y1="${n(y)}" y2="${n(y)}" stroke="#e2e2e2"/>${text(left - 8, y + 4, word, 12, 'end')}`;
}

function mark(x: number, y: number, word: string): string {
  return `<line x1="${n(x)}" x2="${n(x)}" y1="${n(y)}" y2="${n(y + 5)}" stroke="#888"/>${text(x, y + 20, word, 12)}`;
}

function text(x: number, y: number, content: string, size: number, anchor = 'middle'): string {
  const safe = content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<text x="${n(x)}" y="${n(y)}" ${FONT} font-size="${size}" text-anchor="${anchor}" fill="#222">${safe}</text>`;
}

function document(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(width / 2, 28, title, 16),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] as string;
}

function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

/** A coordinate, to a tenth of a pixel. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

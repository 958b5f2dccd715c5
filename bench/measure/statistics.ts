import type { Measured, Percentiles, Sample } from '../scene.js';

/** NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The median over the rounds of one figure of the samples. */
export function medianOf({ samples }: Measured, figure: (sample: Sample) => number | undefined): number {
  return median(samples.map(figure).filter((value) => value !== undefined));
}

/** Ratios are taken round by round, so that what slows the machine down in one round slows both. */
export function medianRatio(
  of: Measured,
  to: Measured,
  figure = (sample: Sample): number => sample.perSecond,
): number {
  return median(
    of.samples.flatMap((sample, round) => {
      const other = to.samples[round];
      return other === undefined ? [] : [figure(sample) / figure(other)];
    }),
  );
}

/** Each percentile's median. */
export function medianPercentiles(all: readonly Percentiles[]): Percentiles {
  const of = (key: keyof Percentiles): number => median(all.map((percentiles) => percentiles[key]));
  return { p50: of('p50'), p99: of('p99'), p999: of('p999'), max: of('max'), count: of('count') };
}

/** The slope of a line through points by least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

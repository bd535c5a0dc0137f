/** The value below which a share (0 to 1) of the values lies; the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Milliseconds that some work takes. */
export function timed(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** The last line of a benchmark, which programs read: `NAME key=value …`. */
export function report(name: string, figures: Record<string, number>): void {
  console.log([name, ...Object.entries(figures).map(([key, value]) => `${key}=${value}`)].join(' '))
}

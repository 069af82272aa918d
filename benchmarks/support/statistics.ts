/**
 * The value that this part (0 to 1) of the values does not exceed, interpolated between the two nearest; NaN of none.
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below === above ? below : below + (above - below) * (place - Math.floor(place));
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A number with three significant digits, and no exponent. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** The median with its quartiles, as in `1.24 (1.2 to 1.31)`; without them where they are the same. */
export function withQuartiles(values: readonly number[]): string {
  if (!values.every(Number.isFinite)) return '-';
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => short(quantile(values, part)));
  return low === high ? (middle ?? '-') : `${middle} (${low} to ${high})`;
}

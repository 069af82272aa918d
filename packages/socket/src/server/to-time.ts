/** A time of the manager as it is on the wire: RFC 3339, in UTC, with milliseconds. */
export function toTime(at: number): string {
  return new Date(at).toISOString();
}

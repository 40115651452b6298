const day = 86_400_000;

/** The Monday of the week of an instant, as an ISO date in UTC: measures are kept by week. */
export function weekOf(instant: string | Date): string {
  const time = new Date(instant).getTime();
  const sinceMonday = (new Date(time).getUTCDay() + 6) % 7;
  return new Date(time - sinceMonday * day).toISOString().slice(0, 10);
}

/** The Mondays of so many weeks up to and with the week of an instant, oldest first. */
export function weeksUpTo(instant: string | Date, count: number): readonly string[] {
  const last = Date.parse(weekOf(instant));
  return Array.from({ length: count }, (_, index) =>
    new Date(last - (count - 1 - index) * 7 * day).toISOString().slice(0, 10),
  );
}

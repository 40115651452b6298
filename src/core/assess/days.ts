/*
 * Whole UTC days. Only plain date arithmetic on ISO texts: no local time zone can shift a boundary (H070), and no text
 * that merely resembles a date counts (H069).
 */

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))$/;

/**
 * The day of an ISO date (`2026-03-04`) or instant (`2026-03-04T10:00:00Z`, offsets allowed), in days since 1970-01-01
 * UTC. Undefined for anything that is no day of the Gregorian calendar.
 */
export function dayOf(text: string): number | undefined {
  const instant = instantPattern.exec(text);
  if (!instant) return calendarDay(text);
  const [, date = "", hour, minute, , sign, offsetHour, offsetMinute] = instant;
  const day = calendarDay(date);
  if (day === undefined || sign === undefined) return day;
  const offset = Number(offsetHour) * 60 + Number(offsetMinute);
  const minutes = Number(hour) * 60 + Number(minute) - (sign === "+" ? offset : -offset);
  return day + Math.floor(minutes / 1440);
}

function calendarDay(text: string): number | undefined {
  const found = dayPattern.exec(text);
  if (!found) return undefined;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysBefore(year) + dayOfYear(year, month) + day - 1 - daysBefore(1970);
}

/** Days from the start of year 0 to the start of the year. */
function daysBefore(year: number): number {
  const past = year - 1;
  return year * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
}

function dayOfYear(year: number, month: number): number {
  let days = 0;
  for (let earlier = 1; earlier < month; earlier++) days += daysInMonth(year, earlier);
  return days;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** A day number as people read it: `2026-03-04`. */
export function showDay(day: number): string {
  let year = 1970 + Math.floor(day / 366);
  while (daysBefore(year + 1) - daysBefore(1970) <= day) year++;
  let rest = day - (daysBefore(year) - daysBefore(1970));
  let month = 1;
  while (rest >= daysInMonth(year, month)) {
    rest -= daysInMonth(year, month);
    month++;
  }
  const two = (value: number) => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(rest + 1)}`;
}

/** `1 day`, `43 days`. */
export function showDays(count: number): string {
  return `${count} day${count === 1 ? "" : "s"}`;
}

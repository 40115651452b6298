import { Forbidden, Gone, TryAgainLater } from "../failures.ts";

/** What came back from GitHub: the status, lower-case headers and the parsed body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

/**
 * Seconds to wait before the same request may be sent again, when this answer is a rate limit; "unstated" where it is one
 * that does not say how long; otherwise undefined.
 */
export function rateLimitSeconds(answer: Answer, now: number): number | "unstated" | undefined {
  if (answer.status !== 429 && answer.status !== 403) return undefined;
  const stated = retryAfterSeconds(answer, now);
  if (stated !== undefined) return stated;
  if (answer.headers["x-ratelimit-remaining"] === "0") return untilReset(answer, now);
  if (answer.status === 429 || /secondary rate limit|abuse detection/i.test(messageOf(answer.data))) return "unstated";
  return undefined;
}

/** The `Retry-After` header in seconds: GitHub writes seconds, gateways before it may write a date. */
export function retryAfterSeconds(answer: Answer, now: number): number | undefined {
  const header = answer.headers["retry-after"];
  if (header === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(header) ? Number(header) : (Date.parse(header) - gitHubTime(answer, now)) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}

/** Seconds until the primary limit is reset, by GitHub's own clock; a minute when it does not say. */
export function untilReset(answer: Answer, now: number): number {
  const reset = Number(answer.headers["x-ratelimit-reset"]);
  if (!Number.isFinite(reset) || reset <= 0) return 60;
  return Math.min(3600, Math.max(1, Math.ceil(reset - gitHubTime(answer, now) / 1000) + 1));
}

/** The instant of an answer in milliseconds: GitHub's `Date` header, or `now` when it sent none. */
export function gitHubTime(answer: Answer, now: number): number {
  const date = Date.parse(answer.headers.date ?? "");
  return Number.isNaN(date) ? now : date;
}

/** The failure of failures.ts that a refused request means, in words for a person. */
export function failureOf(answer: Answer, what: string, needs: string): Error {
  const said = messageOf(answer.data);
  const because = said ? `: ${said}` : ".";
  switch (answer.status) {
    case 401:
      return new Forbidden(`GitHub did not accept our credentials to ${what}${because}`, "a valid token or App key");
    case 403:
      return new Forbidden(`GitHub does not allow us to ${what}${because}`, acceptedPermissions(answer) ?? needs);
    case 404:
    case 410:
    case 451:
      return new Gone(`GitHub has nothing to ${what} (${answer.status})${because}`);
    default:
      return new TryAgainLater(`GitHub answered ${answer.status} when asked to ${what}${because}`);
  }
}

/** The `message` of GitHub's error body with the first errors, on one line and bounded; empty when there is none. */
export function messageOf(data: unknown): string {
  if (typeof data !== "object" || data === null || !("message" in data)) return "";
  const errors = "errors" in data && Array.isArray(data.errors) ? data.errors.slice(0, 3) : [];
  const details = errors.map((error) => (typeof error === "string" ? error : JSON.stringify(error)));
  return oneLine([String(data.message), ...details].join("; "));
}

/** GitHub names the permissions that would have been accepted in a header of its own. */
function acceptedPermissions(answer: Answer): string | undefined {
  const header = answer.headers["x-accepted-github-permissions"];
  return header ? oneLine(header) : undefined;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}

import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Signs the address of a pull request's page. The address stands in the check run, so that whoever may see the check may
 * see the page, and nobody else can guess it. It ends, because whoever saw it once may not be allowed to see it for ever:
 * on the last day of the second month after `now`, so that it stays the same for a month.
 * @param now milliseconds.
 */
export function signedPath(secret: string, repository: string, number: number, now: number): string {
  const until = endAfter(now);
  return `/${repository}/pull/${number}?until=${until}&sign=${signatureOf(secret, repository, number, until)}`;
}

/** What a signed address is good for: `ended` is said only of one that we did sign. */
export type SignedState = "good" | "ended" | "not-signed";

/** Compared in constant time. @param now milliseconds. */
export function signedState(
  secret: string,
  repository: string,
  number: number,
  given: { readonly until?: string | undefined; readonly sign?: string | undefined },
  now: number,
): SignedState {
  const { until = "", sign = "" } = given;
  const expected = Buffer.from(signatureOf(secret, repository, number, until));
  const actual = Buffer.from(sign);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return "not-signed";
  return Date.parse(`${until}T23:59:59.999Z`) >= now ? "good" : "ended";
}

function endAfter(now: number): string {
  const day = new Date(now);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 3, 0)).toISOString().slice(0, 10);
}

function signatureOf(secret: string, repository: string, number: number, until: string): string {
  return createHmac("sha256", secret)
    .update(`page\u0000${repository}\u0000${number}\u0000${until}`)
    .digest("base64url");
}

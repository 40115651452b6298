import { createHmac, timingSafeEqual } from "node:crypto";

/** The page of a pull request: of the repository with this id, whichever has its name by now (H089). */
export interface SignedPage {
  readonly repositoryId: number;
  /** `owner/name`, as it was when the address was signed. */
  readonly repository: string;
  readonly number: number;
}

/**
 * Signs the address of a pull request's page. The address stands in the check run, so that whoever may see the check may
 * see the page, and nobody else can guess it. It ends, because whoever saw it once may not be allowed to see it for ever:
 * on the last day of the second month after `now`, so that it stays the same for a month.
 * @param now milliseconds.
 */
export function signedPath(secret: string, page: SignedPage, now: number): string {
  const until = endAfter(now);
  const { repositoryId, repository, number } = page;
  return `/${repository}/pull/${number}?of=${repositoryId}&until=${until}&sign=${signatureOf(secret, page, until)}`;
}

/** What a signed address is good for: `ended` is said only of one that we did sign. */
export type SignedState = "good" | "ended" | "not-signed";

/** Compared in constant time. @param now milliseconds. */
export function signedState(
  secret: string,
  page: SignedPage,
  given: { readonly until?: string | undefined; readonly sign?: string | undefined },
  now: number,
): SignedState {
  const { until = "", sign = "" } = given;
  const expected = Buffer.from(signatureOf(secret, page, until));
  const actual = Buffer.from(sign);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return "not-signed";
  return Date.parse(`${until}T23:59:59.999Z`) >= now ? "good" : "ended";
}

function endAfter(now: number): string {
  const day = new Date(now);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 3, 0)).toISOString().slice(0, 10);
}

function signatureOf(secret: string, { repositoryId, repository, number }: SignedPage, until: string): string {
  return createHmac("sha256", secret)
    .update(["page", repositoryId, repository, number, until].join("\u0000"))
    .digest("base64url");
}

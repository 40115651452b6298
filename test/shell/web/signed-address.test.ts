import { describe, expect, test } from "@jest/globals";
import { signedPath, signedState } from "../../../src/shell/web/signed-address.ts";

const made = Date.parse("2026-11-20T09:00:00Z");

function given(path: string) {
  const words = new URL(path, "http://localhost").searchParams;
  return { until: words.get("until") ?? undefined, sign: words.get("sign") ?? undefined };
}

describe("the signed address of a pull request's page", () => {
  const path = signedPath("secret", "acme/shop", 7, made);

  test("is the same for a month, and ends with the second month after", () => {
    expect(path).toMatch(/^\/acme\/shop\/pull\/7\?until=2027-01-31&sign=/);
    expect(signedPath("secret", "acme/shop", 7, Date.parse("2026-11-30T23:59:59Z"))).toBe(path);
    expect(signedPath("secret", "acme/shop", 7, Date.parse("2026-12-01T00:00:00Z"))).toContain("until=2027-02-28");
  });

  test("H096: opens until its last day, and not on the day after", () => {
    const state = (at: string) => signedState("secret", "acme/shop", 7, given(path), Date.parse(at));
    expect([state("2026-11-20T09:00:00Z"), state("2027-01-31T23:59:59Z"), state("2027-02-01T00:00:00Z")]).toEqual([
      "good",
      "good",
      "ended",
    ]);
  });

  test("H096: opens no other page, for no longer, and not without its signature", () => {
    const { sign } = given(path);
    const state = (repository: string, number: number, until: string | undefined, signature = sign) =>
      signedState("secret", repository, number, { until, sign: signature }, made);
    expect(state("acme/shop", 7, "2027-01-31")).toBe("good");
    for (const other of [
      state("acme/other", 7, "2027-01-31"),
      state("acme/shop", 8, "2027-01-31"),
      state("acme/shop", 7, "2099-01-31"),
      state("acme/shop", 7, undefined),
      state("acme/shop", 7, "2027-01-31", ""),
      state("acme/shop", 7, "2027-01-31", `${sign}x`),
      signedState("another", "acme/shop", 7, given(path), made),
    ])
      expect(other).toBe("not-signed");
  });
});

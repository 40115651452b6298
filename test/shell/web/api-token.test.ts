import { describe, expect, test } from "@jest/globals";
import { Hono } from "hono";
import { TryAgainLater } from "../../../src/shell/failures.ts";
import type { PeopleOnGitHub, ProgramToken } from "../../../src/shell/people-on-github.ts";
import { ApiTokens } from "../../../src/shell/web/api-token.ts";

const dana = { id: 1, login: "dana" };

/** Tokens over a GitHub that answers as told and counts, and a clock that is moved by hand. */
function tokensOver(answer: (token: string) => ProgramToken | undefined) {
  const state = { now: 0, asked: 0 };
  const people = {
    programToken: async (token: string) => {
      state.asked++;
      return answer(token);
    },
  } as unknown as PeopleOnGitHub;
  const tokens = new ApiTokens(people, () => state.now);
  const app = new Hono()
    .get("/", async (context) => context.json((await tokens.asker(context)) ?? null))
    .onError((error) => {
      throw error;
    });
  const ask = async (token: string): Promise<Record<string, unknown>> =>
    (await (await app.request("/", { headers: { authorization: `Bearer ${token}` } })).json()) as Record<
      string,
      unknown
    >;
  return { state, ask };
}

const token = (number: number): string => `ghp_${String(number).padStart(36, "0")}`;

describe("tokens of programs", () => {
  test("a token is asked about again after five minutes, so that a revoked one stops opening", async () => {
    let isRevoked = false;
    const { state, ask } = tokensOver(() => (isRevoked ? undefined : { person: dana, reads: "as-person" }));
    expect(await ask(token(1))).toMatchObject({ person: dana, readsAsPerson: true });
    isRevoked = true;
    state.now = 5 * 60_000 - 1;
    expect(await ask(token(1))).toMatchObject({ person: dana });
    state.now = 5 * 60_000;
    expect(await ask(token(1))).toEqual({ status: 401, error: "GitHub does not accept this token" });
    expect(state.asked).toBe(2);
  });

  test("the 601st request of a token within five minutes is told to wait, and no other token is", async () => {
    const { state, ask } = tokensOver(() => ({ person: dana, reads: "as-app" }));
    for (let request = 0; request < 600; request++) expect(await ask(token(1))).toMatchObject({ person: dana });
    state.now = 60_000;
    expect(await ask(token(1))).toEqual({ status: 429, error: "this token asked too often", retryAfter: 240 });
    expect(await ask(token(2))).toMatchObject({ person: dana });
    state.now = 5 * 60_000;
    expect(await ask(token(1))).toMatchObject({ person: dana });
  });

  test("a flood of guessed tokens asks GitHub sixty times a minute at the most, and known tokens still open", async () => {
    const { state, ask } = tokensOver((given) => (given === token(0) ? { person: dana, reads: "as-app" } : undefined));
    await ask(token(0));
    for (let guess = 1; guess <= 500; guess++) await ask(token(guess));
    expect(state.asked).toBe(60);
    expect(await ask(token(999))).toMatchObject({ status: 429 });
    expect(await ask(token(0))).toMatchObject({ person: dana });
    state.now = 60_000;
    expect(await ask(token(999))).toMatchObject({ status: 401 });
  });

  test("a token that was let in before is asked about again amid a flood, and after an outage of GitHub", async () => {
    let isDown = false;
    const { state, ask } = tokensOver((given) => {
      if (isDown) throw new TryAgainLater("down");
      return given === token(0) ? { person: dana, reads: "as-app" } : undefined;
    });
    await ask(token(0));
    const flood = async (from: number): Promise<void> => {
      for (let guess = from; guess < from + 100; guess++) await ask(token(guess));
    };
    state.now = 5 * 60_000;
    await flood(1000);
    expect(await ask(token(0))).toMatchObject({ person: dana });
    state.now = 10 * 60_000;
    isDown = true;
    await expect(ask(token(0))).rejects.toThrow();
    isDown = false;
    await flood(2000);
    expect(await ask(token(0))).toMatchObject({ person: dana });
  });

  test("where GitHub could not be asked, the next request asks again", async () => {
    let isDown = true;
    const { ask, state } = tokensOver(() => {
      if (isDown) throw new TryAgainLater("down");
      return { person: dana, reads: "as-app" };
    });
    await expect(ask(token(1))).rejects.toThrow();
    isDown = false;
    expect(await ask(token(1))).toMatchObject({ person: dana });
    expect(state.asked).toBe(2);
  });
});

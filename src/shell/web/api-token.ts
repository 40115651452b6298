import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { PeopleOnGitHub, ProgramToken } from "../people-on-github.ts";
import type { Asker } from "./session.ts";

/** How long GitHub's answer to whose token it is is believed. */
const believed = 5 * 60_000;
/** Requests that one token may make within five minutes. */
const mostOfToken = 600;
/** Tokens not seen before of which GitHub is asked within a minute: refused ones, too many, get our own address refused. */
const mostStrangers = 60;
/** Most tokens that are remembered; the oldest are forgotten first. */
const mostRemembered = 1000;

interface Known {
  readonly holder: Promise<ProgramToken | undefined>;
  until: number;
  asked: number;
  /** Whether GitHub took it when it was asked last. */
  wasTaken: boolean;
}

/** Why a program is not let in: the status, and a sentence for whoever reads the answer. */
export interface Refused {
  readonly status: 401 | 403 | 429;
  readonly error: string;
  readonly retryAfter?: number;
}

/**
 * Lets programs in to the read-only API by a person's own GitHub token, sent as `Authorization: Bearer …`. It opens what the
 * token itself may read on GitHub and nothing else, and is asked about again after five minutes at the latest. Nothing of a
 * token is kept but its digest, in memory.
 */
export class ApiTokens {
  readonly #people: PeopleOnGitHub;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  #strangers: { until: number; count: number } = { until: 0, count: 0 };

  constructor(people: PeopleOnGitHub, now: () => number = Date.now) {
    this.#people = people;
    this.#now = now;
  }

  /** Whoever the header speaks for; undefined where there is none. */
  async asker(context: Context): Promise<Asker | Refused | undefined> {
    const header = context.req.header("authorization");
    if (header === undefined) return undefined;
    const token = /^(?:bearer|token) ([!-~]{20,1000})$/i.exec(header.trim())?.[1];
    if (token === undefined) return { status: 401, error: "send a GitHub token as Authorization: Bearer" };
    const id = `token ${createHash("sha256").update(token).digest("base64url")}`;
    const known = this.#remembered(id) ?? this.#ask(id, token);
    if ("status" in known) return known;
    known.asked++;
    if (known.asked > mostOfToken) return later("this token asked too often", known.until - this.#now());
    const holder = await known.holder;
    if (!holder) return { status: 401, error: "GitHub does not accept this token" };
    if (holder.reads === "nothing")
      return { status: 403, error: "this token may not read private code: give it the scope repo" };
    return {
      id,
      person: holder.person,
      token,
      ...(holder.reads === "as-person" ? { readsAsPerson: true as const } : {}),
    };
  }

  #remembered(id: string): Known | undefined {
    const known = this.#known.get(id);
    return known && known.until > this.#now() ? known : undefined;
  }

  #ask(id: string, token: string): Known | Refused {
    const now = this.#now();
    // Whoever was let in before is no stranger: a flood of guesses must not shut out the programs that work.
    const wasTaken = this.#known.get(id)?.wasTaken === true;
    if (!wasTaken) {
      if (this.#strangers.until <= now) this.#strangers = { until: now + 60_000, count: 0 };
      if (this.#strangers.count >= mostStrangers)
        return later("too many tokens that were not seen before", this.#strangers.until - now);
      this.#strangers.count++;
    }
    const known: Known = { holder: this.#people.programToken(token), until: now + believed, asked: 0, wasTaken };
    this.#known.delete(id);
    this.#known.set(id, known);
    known.holder.then(
      (holder) => {
        known.wasTaken = holder !== undefined;
      },
      // What could not be asked is asked again by the next request.
      () => {
        known.until = 0;
      },
    );
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostRemembered) break;
      this.#known.delete(oldest);
    }
    return known;
  }
}

function later(error: string, milliseconds: number): Refused {
  return { status: 429, error, retryAfter: Math.max(1, Math.ceil(milliseconds / 1000)) };
}

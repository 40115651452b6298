/** What goes wrong. "after" means that GitHub did what was asked and the answer was lost (H044). */
export type Effect =
  | { readonly do: "delay"; readonly milliseconds: number }
  | {
      readonly do: "answer";
      readonly status: number;
      readonly when?: "before" | "after";
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly text?: string;
      readonly type?: string;
    }
  | { readonly do: "reset"; readonly when: "before" | "after" }
  | { readonly do: "truncate" };

export interface Fault {
  /** GitHub's operation id, `graphql`, `graphql/<operation name>`, or an expression over these; default: every call. */
  readonly operation?: string | RegExp;
  /** Leaves the first calls alone. */
  readonly after?: number;
  /** How many calls it hits; default 1. */
  readonly times?: number;
  /** Hits this share of the calls instead, by a fixed series of numbers, so that a run can be repeated. */
  readonly share?: number;
  readonly seed?: number;
  readonly effect: Effect;
}

interface Armed {
  readonly fault: Fault;
  seen: number;
  hits: number;
  random: number;
}

/** Common faults by name. */
export const effects = {
  serverError: (status = 502): Effect => ({ do: "answer", status, body: { message: "Server Error" } }),
  lostAfterApplying: { do: "reset", when: "after" },
  badGatewayAfterApplying: { do: "answer", when: "after", status: 502, body: { message: "Bad Gateway" } },
  htmlPage: { do: "answer", status: 200, text: "<html><body>Unicorn!</body></html>", type: "text/html" },
  truncatedJson: { do: "truncate" },
  /** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
  secondaryLimit: (retryAfter?: number): Effect => ({
    do: "answer",
    status: 403,
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": String(retryAfter) } }),
    body: {
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      documentation_url:
        "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    },
  }),
  tooManyRequests: (retryAfter: number): Effect => ({
    do: "answer",
    status: 429,
    headers: { "retry-after": String(retryAfter) },
    body: { message: "Too many requests" },
  }),
} as const satisfies Record<string, Effect | ((...words: never[]) => Effect)>;

/** Faults that are armed, and how often each operation was called. */
export class Faults {
  readonly #armed: Armed[] = [];
  readonly #counts = new Map<string, number>();

  /** Arms a fault; gives back how to disarm it. */
  add(fault: Fault): () => void {
    const armed: Armed = { fault, seen: 0, hits: 0, random: fault.seed ?? 1 };
    this.#armed.push(armed);
    return () => {
      const at = this.#armed.indexOf(armed);
      if (at >= 0) this.#armed.splice(at, 1);
    };
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** Calls so far by operation, the ones that failed included. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** What hits this call. */
  strike(operation: string): Effect[] {
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
    return this.#armed.filter((armed) => hits(armed, operation)).map(({ fault }) => fault.effect);
  }
}

function hits(armed: Armed, operation: string): boolean {
  const { fault } = armed;
  const { operation: wanted } = fault;
  const isMeant =
    wanted === undefined ||
    (typeof wanted === "string" ? operation === wanted || operation.startsWith(`${wanted}/`) : wanted.test(operation));
  if (!isMeant) return false;
  armed.seen += 1;
  if (armed.seen <= (fault.after ?? 0)) return false;
  if (fault.share !== undefined) {
    armed.random = (armed.random * 48_271) % 2_147_483_647;
    return armed.random / 2_147_483_647 < fault.share;
  }
  if (armed.hits >= (fault.times ?? 1)) return false;
  armed.hits += 1;
  return true;
}

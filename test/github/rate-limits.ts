import type { Clock } from "./clock.ts";
import type { Actor } from "./identity.ts";
import { Refusal } from "./refusal.ts";

type Resource = "core" | "graphql";

interface Budget {
  used: number;
  resetAt: number;
}

/** Hourly budgets: one for each installation, person, App, and one for all who do not sign in. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, Budget>();
  /** What each may use in an hour; a test may lower it. */
  limits: Record<Resource, number> = { core: 5000, graphql: 5000 };
  /** What everybody together used since the beginning, in requests and in points of GraphQL. */
  readonly spent: Record<Resource, number> = { core: 0, graphql: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes from the budget; refuses when it is used up. */
  spend(actor: Actor, resource: Resource, points: number): void {
    const budget = this.#budgetOf(actor, resource);
    if (budget.used + points > this.limits[resource]) {
      throw new Refusal(403, `API rate limit exceeded for ${describe(actor)}.`);
    }
    budget.used += points;
    this.spent[resource] += points;
  }

  /** The `x-ratelimit-*` headers. */
  headers(actor: Actor, resource: Resource): Record<string, string> {
    const shown = this.show(actor, resource);
    return {
      "x-ratelimit-limit": String(shown.limit),
      "x-ratelimit-remaining": String(shown.remaining),
      "x-ratelimit-reset": String(shown.reset),
      "x-ratelimit-used": String(shown.used),
      "x-ratelimit-resource": resource,
    };
  }

  show(actor: Actor, resource: Resource) {
    const { used, resetAt } = this.#budgetOf(actor, resource);
    const limit = this.limits[resource];
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.floor(resetAt / 1000) };
  }

  #budgetOf(actor: Actor, resource: Resource): Budget {
    const key = `${describe(actor)} ${resource}`;
    const now = this.#clock.now().getTime();
    const known = this.#budgets.get(key);
    if (known !== undefined && known.resetAt > now) return known;
    const budget = { used: 0, resetAt: now + 3_600_000 };
    this.#budgets.set(key, budget);
    return budget;
  }
}

function describe(actor: Actor): string {
  if (actor.kind === "installation") return `installation ID ${actor.grant.installation.id}`;
  if (actor.kind === "user") return `user ID ${actor.account.id}`;
  return actor.kind === "app" ? `app ID ${actor.app.id}` : "127.0.0.1";
}

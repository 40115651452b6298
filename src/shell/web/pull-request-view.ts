import { html } from "hono/html";
import { type Place, showPlace } from "../../core/domain/problem.ts";
import type { Person } from "../people-on-github.ts";
import type { StoredPullRequest } from "./data.ts";
import type { Html } from "./layout.ts";

/** What the page of a pull request shows: the stored assessment, and what was written because of it. */
export interface PullRequestView extends StoredPullRequest {
  /** Address of the pull request on GitHub. */
  readonly address: string;
  /** Where texts point to for rules: the address of a rule's page, with `{rule}` where its id goes. */
  readonly rulePage: string;
  /** Whoever is signed in; absent for a reader who came by a signed address. */
  readonly viewer?: Person;
}

export function where(place: Place | undefined): Html | "" {
  return place ? html`<code>${showPlace(place)}</code>` : "";
}

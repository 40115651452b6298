import type { OpenAPIBackend } from "openapi-backend";
import { describedApi } from "../make/described-api.ts";
import type { Match } from "./rest/router.ts";

/** One thing that is not as GitHub's description of its API has it. */
export interface Finding {
  /** Whose fault it is: who asked, or the stand-in that answered. */
  readonly whose: "client" | "stand-in";
  /** Operation or request. */
  readonly what: string;
  readonly faults: readonly string[];
}

/** Where GitHub's answers are known not to be as its description says, so that the stand-in follows GitHub. */
const knownDepartures: readonly { readonly operation: RegExp; readonly place: RegExp; readonly why: string }[] = [
  {
    operation:
      /^pulls\/(list-review-comments|get-review-comment|update-review-comment|create-review-comment|list-comments-for-review|create-reply-for-review-comment) /,
    place: /\/(line|original_line|position)$/,
    why: "of a comment that is outdated or about a whole file these are null; the description has integers",
  },
  {
    operation: /^pulls\/(request-reviewers|remove-requested-reviewers) /,
    place: /^\/head\/repo$/,
    why: "null once the fork is deleted, as `pulls/get` has it; the short form of a pull request says object",
  },
  {
    operation: /^apps\/list-installations /,
    place: /^\/\d+\/account$/,
    why: "the description wants an account to be a user and an enterprise at once (allOf); `apps/get-installation` has anyOf",
  },
];

/** Judges every request, and the stand-in's own answers, by GitHub's published description. */
export class Contract {
  readonly #findings: Finding[] = [];
  #backend: OpenAPIBackend | undefined;

  /** Reads the description; needed once before judging. */
  async ready(): Promise<void> {
    this.#backend = await describedApi(new URL("github-openapi.json", import.meta.url));
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  clear(): void {
    this.#findings.length = 0;
  }

  blame(whose: Finding["whose"], what: string, faults: readonly string[]): void {
    this.#findings.push({ whose, what, faults });
  }

  /** A request with its operation; without one, it asks for something that this GitHub does not know. */
  checkRequest(method: string, path: string, search: string, body: unknown, match: Match | undefined): void {
    if (match === undefined) {
      this.blame("client", `${method} ${path}`, ["the stand-in knows no such operation"]);
      return;
    }
    const operationId = match.operation.id;
    const operation = this.#backend?.getOperation(operationId);
    if (this.#backend === undefined || operation === undefined) {
      this.blame("stand-in", operationId, ["is not in github-openapi.json: run scripts/openapi-subset.ts"]);
      return;
    }
    const request = {
      method,
      path: pathFor(operation.path, match.params),
      query: search.slice(1),
      body,
      headers: { "content-type": "application/json" },
    };
    const faults = this.#backend.validator.validateRequest(request, operation).errors ?? [];
    if (faults.length > 0) this.blame("client", operationId, faults.map(say));
  }

  checkResponse(operationId: string, status: number, body: unknown): void {
    if (this.#backend === undefined || status === 204) return;
    const operation = this.#backend.getOperation(operationId);
    if (operation === undefined) return;
    const faults = this.#backend.validator.validateResponse(body, operation, status).errors ?? [];
    const what = `${operationId} ${status}`;
    const known = knownDepartures.filter((departure) => departure.operation.test(what));
    const left = faults.filter((fault) => !known.some(({ place }) => place.test(fault.instancePath)));
    if (left.length > 0) this.blame("stand-in", what, left.map(say));
  }

  /** Throws with all findings, so that a test fails with their text. */
  expectNoFindings(): void {
    if (this.#findings.length === 0) return;
    const lines = this.#findings.map(({ whose, what, faults }) => `${whose}: ${what}: ${faults.join("; ")}`);
    throw new Error(`not as GitHub's API is described:\n${lines.join("\n")}`);
  }
}

/** The described path with the words of a request in it; a word that spans slashes becomes one. */
function pathFor(template: string, params: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] || "/"));
}

function say(fault: { readonly instancePath: string; readonly message?: string; readonly params?: unknown }): string {
  return `${fault.instancePath} ${fault.message ?? ""} ${JSON.stringify(fault.params ?? {})}`;
}

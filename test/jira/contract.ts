import type { OpenAPIBackend } from "openapi-backend";
import { describedApi } from "../make/described-api.ts";

/** Judges every request, and the stand-in's own answers, by Jira Cloud's published description of its REST API. */
export class Contract {
  readonly #backend: OpenAPIBackend;
  readonly findings: string[] = [];

  private constructor(backend: OpenAPIBackend) {
    this.#backend = backend;
  }

  static async ready(): Promise<Contract> {
    return new Contract(await describedApi(new URL("jira-openapi.json", import.meta.url)));
  }

  checkRequest(operationId: string, method: string, path: string, query: string, body: unknown): void {
    const operation = this.#backend.getOperation(operationId);
    if (!operation) {
      this.findings.push(`${operationId} is not in jira-openapi.json: run scripts/openapi-subset.ts`);
      return;
    }
    const request = { method, path, query, body, headers: { "content-type": "application/json" } };
    this.#add(`request ${operationId}`, this.#backend.validator.validateRequest(request, operation).errors);
  }

  checkResponse(operationId: string, status: number, body: unknown): void {
    const operation = this.#backend.getOperation(operationId);
    // Refusals, and answers that the description leaves open, have no shape there.
    if (!operation || status === 204 || status >= 400) return;
    this.#add(
      `answer ${operationId} ${status}`,
      this.#backend.validator.validateResponse(body, operation, status).errors,
    );
  }

  #add(
    what: string,
    faults: readonly { readonly instancePath: string; readonly message?: string }[] | null | undefined,
  ): void {
    for (const { instancePath, message = "" } of faults ?? [])
      this.findings.push(`${what}: ${instancePath} ${message}`);
  }
}

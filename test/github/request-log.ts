/** One request that arrived, and what became of it. */
export interface LoggedRequest {
  readonly method: string;
  /** Without the prefix of an Enterprise Server. */
  readonly path: string;
  readonly query: string;
  /** GitHub's operation id, `graphql/<operation name>`, or `unknown`. */
  readonly operation: string;
  readonly body: unknown;
  /** The installation whose token was used. */
  readonly installation: number | undefined;
  /** 0 when the connection was reset. */
  status: number;
}

/** What came in, in order. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = [];

  add(request: LoggedRequest): LoggedRequest {
    this.#requests.push(request);
    return request;
  }

  get all(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** Requests that asked to change something: not `GET`, and of GraphQL only mutations. Tokens are no change. */
  get writes(): readonly LoggedRequest[] {
    return this.#requests.filter(
      ({ method, operation, body }) =>
        method !== "GET" &&
        operation !== "apps/create-installation-access-token" &&
        (!operation.startsWith("graphql") || /^\s*mutation\b/.test(queryIn(body))),
    );
  }

  /** Requests of one operation. */
  of(operation: string): readonly LoggedRequest[] {
    return this.#requests.filter(
      (request) => request.operation === operation || request.operation.startsWith(`${operation}/`),
    );
  }

  /** Forgets what came so far; for counting from here. */
  clear(): void {
    this.#requests.length = 0;
  }
}

function queryIn(body: unknown): string {
  return typeof body === "object" && body !== null && "query" in body && typeof body.query === "string"
    ? body.query
    : "";
}

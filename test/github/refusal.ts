/** GitHub says no: a status, its message, and what it adds. https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    errors?: readonly unknown[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

export const notFound = (): Refusal => new Refusal(404, "Not Found");

/** 403 for an App that lacks a permission; a header names those that would do: `issues=write; pull_requests=write`. */
export const notAllowed = (accepted: readonly Readonly<Record<string, string>>[] = []): Refusal => {
  const sets = accepted.map((need) =>
    Object.entries(need)
      .map(([name, access]) => `${name}=${access}`)
      .join(","),
  );
  const headers: Record<string, string> = sets.length === 0 ? {} : { "x-accepted-github-permissions": sets.join("; ") };
  return new Refusal(403, "Resource not accessible by integration", undefined, headers);
};

/** 422 with the sentences or field errors that GitHub lists. */
export const unprocessable = (...errors: readonly unknown[]): Refusal => {
  return new Refusal(422, typeof errors[0] === "string" ? "Unprocessable Entity" : "Validation Failed", errors);
};

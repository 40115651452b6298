/** GitHub says no: a status, its message, and what it adds. https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;

  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = (): Refusal => new Refusal(404, "Not Found");

export const notAllowed = (): Refusal => new Refusal(403, "Resource not accessible by integration");

/** 422 with the sentences or field errors that GitHub lists. */
export const unprocessable = (...errors: readonly unknown[]): Refusal => {
  return new Refusal(422, typeof errors[0] === "string" ? "Unprocessable Entity" : "Validation Failed", errors);
};

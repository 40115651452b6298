import { Forbidden, Gone, TryAgainLater } from "../failures.ts";
import type { GraphqlError } from "./client.ts";

/*
 * GraphQL answers with what it may show and names the rest in `errors`. A part that is not there, a part that we may
 * not see and a part that could not be read this time are three different things (H016).
 */

/** Why a part of an answer is missing. */
export class Refusal {
  readonly kind: "absent" | "denied";
  readonly error: GraphqlError;
  constructor(kind: "absent" | "denied", error: GraphqlError) {
    this.kind = kind;
    this.error = error;
  }

  /** The failure it is where the part cannot be done without. */
  asFailure(what: string, needs: string): Error {
    const said = this.error.message.slice(0, 200);
    if (this.kind === "absent") return new Gone(`GitHub has nothing to ${what}: ${said}`);
    return new Forbidden(`GitHub does not allow us to ${what}: ${said}`, needs);
  }
}

const deniedTypes = new Set(["FORBIDDEN", "INSUFFICIENT_SCOPES", "UNAUTHORIZED", "SAML_ENFORCEMENT"]);

/**
 * The refusal that concerns a part: an error at the part itself, above it or below it, the denied ones first. Throws
 * TryAgainLater for an error there of any other kind, because then it is not known what stands there.
 */
export function refusalIn(errors: readonly GraphqlError[], part: readonly (string | number)[]): Refusal | undefined {
  let absent: Refusal | undefined;
  for (const error of errors) {
    if (!concerns(error.path, part) || error.path.at(-1) === "databaseId") continue;
    if (deniedTypes.has(error.type)) return new Refusal("denied", error);
    if (error.type !== "NOT_FOUND") {
      throw new TryAgainLater(
        `GitHub could not answer: ${error.message.slice(0, 200) || error.type || "no reason given"}`,
      );
    }
    absent ??= new Refusal("absent", error);
  }
  return absent;
}

/** Whether one path is the beginning of the other. */
function concerns(path: readonly (string | number)[], part: readonly (string | number)[]): boolean {
  const length = Math.min(path.length, part.length);
  return path.slice(0, length).every((key, index) => key === part[index]);
}

/** Whether an error lies at this part or below it. */
export function isBelow(error: GraphqlError, part: readonly (string | number)[]): boolean {
  return error.path.length >= part.length && concerns(error.path, part);
}

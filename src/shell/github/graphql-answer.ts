import { z } from "zod";
import { type Answer, untilReset } from "./answers.ts";

/** One entry of GraphQL's `errors`. `type` is GitHub's: NOT_FOUND, FORBIDDEN, RATE_LIMITED …; absent for faults of its own. */
export interface GraphqlError {
  readonly type: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a query gave, with what GitHub says was wrong. */
export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphqlError[];
  /** GitHub's instant of the answer, ISO in UTC. */
  readonly at: string;
}

/** What became of a request: an answer, whatever it says, or why there is none. */
export type Sent = { readonly answer: Answer } | { readonly lost: string };

/** Whether GitHub did what it was asked. */
export function isGood(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** GraphQL answers 200 for its own faults too; those become what they are: a limit, or no answer. */
export function checkGraphql(answer: Answer, now: number): Sent {
  if (!isGood(answer)) return { answer };
  const parsed = graphqlSchema.safeParse(answer.data);
  if (!parsed.success) return { lost: "GitHub's answer was not whole" };
  const errors = parsed.data.errors ?? [];
  if (errors.some((error) => error.type === "RATE_LIMITED")) {
    return {
      answer: {
        ...answer,
        status: 429,
        headers: { ...answer.headers, "retry-after": String(untilReset(answer, now)) },
      },
    };
  }
  const own = errors.find((error) => error.type === undefined && !isEmptyField(error.path));
  if (own) return { lost: `GitHub reports "${own.message.slice(0, 160)}"` };
  return { answer };
}

/** `databaseId` of a check run is declared narrower than its values: a fault there is only an absent field. */
function isEmptyField(path: readonly (string | number)[] | null | undefined): boolean {
  return path?.at(-1) === "databaseId";
}

const graphqlSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        type: z.string().optional(),
        path: z.array(z.union([z.string(), z.number()])).nullish(),
        message: z.string().catch(""),
      }),
    )
    .optional(),
});

/** What is in the body of an answer that was checked. */
export function readGraphql(body: unknown): Pick<GraphqlAnswer, "data" | "errors"> {
  const { data, errors } = graphqlSchema.parse(body);
  return {
    data: data ?? {},
    errors: (errors ?? []).map(({ type, path, message }) => ({ type: type ?? "", path: path ?? [], message })),
  };
}

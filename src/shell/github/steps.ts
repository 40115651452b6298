import { z } from "zod";
import type { Step, StepResult } from "../../core/domain/plan.ts";
import { Gone } from "../failures.ts";
import { type Answer, messageOf } from "./answers.ts";
import type { RepositoryName } from "./files.ts";

/** A step of one kind or several. */
export type StepOf<Kind extends Step["do"]> = Extract<Step, { readonly do: Kind }>;

/** The pull request that a plan is carried out on. */
export interface Target extends RepositoryName {
  readonly number: number;
  /** The commit that was judged. */
  readonly head: string;
}

/** The names of a repository as REST routes take them. */
export function named(target: RepositoryName): { owner: string; repo: string } {
  return { owner: target.owner, repo: target.name };
}

/** Statuses by which GitHub refuses a lesser output: told with their reason, not tried for ever (H091). */
export const refusals = [403, 404, 410, 422] as const;

const page = z.object({ html_url: z.string() });

/** The result of a step from the answer to its one request. */
export function resultOf(step: Step, answer: Answer, otherwise: string): StepResult {
  if (answer.status >= 400) return skipped(step, answer, otherwise);
  const parsed = page.safeParse(answer.data);
  return { step, outcome: "done", ...(parsed.success ? { reference: parsed.data.html_url } : {}) };
}

/** A step that GitHub refused. An archived repository refuses everything: then nothing is left to do here (H090). */
export function skipped(step: Step, answer: Answer, otherwise: string): StepResult {
  const said = messageOf(answer.data);
  if (/\barchived\b/i.test(said)) throw new Gone("The repository is archived.");
  return { step, outcome: "skipped", why: `${otherwise}: ${said || `GitHub answered ${answer.status}`}` };
}

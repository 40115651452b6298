import { askedQuestions } from "./asked-questions.ts";
import type { Assessment } from "./domain/assessment.ts";
import type { Judgement } from "./domain/judgement.ts";
import type { Observed } from "./domain/observed.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import type { Standing } from "./domain/standing.ts";
import { cut } from "./kept-text.ts";
import { trialOf } from "./trial.ts";

/** What an evaluation came to, and what GitHub showed of ours before. */
export interface Evaluated {
  readonly snapshot: Snapshot;
  readonly assessment: Assessment;
  /** How systems stand after the merge, as it was judged. */
  readonly merged?: Judgement["merged"];
  /** Whether a review by Security Architects is wanted now. */
  readonly architectsWanted: boolean;
  readonly threads: Observed["threads"];
}

/**
 * What the dashboard keeps of one evaluation: whether the pull request waits for an architect, what became of the questions
 * asked on it, and after a merge to the default branch how each system stands there. Undefined where GitHub named no id of
 * the repository. Pure, and a small thing: what costs time was judged before (`mergedStanding`).
 */
export function standingOf(evaluated: Evaluated): Standing | undefined {
  const { snapshot, assessment, merged } = evaluated;
  const { repository, pullRequest } = snapshot;
  if (repository.id === undefined || pullRequest === undefined) return undefined;
  const portfolio = portfolioOf(snapshot);
  return {
    repository: { id: repository.id, owner: repository.owner, name: repository.name },
    ...(portfolio === undefined ? {} : { portfolio }),
    mode: assessment.mode,
    pullRequest: {
      number: pullRequest.number,
      title: cut(pullRequest.title),
      state: pullRequest.state,
      conclusion: assessment.conclusion,
      waits: pullRequest.state === "open" && !pullRequest.isDraft && evaluated.architectsWanted,
    },
    questions: askedQuestions(assessment, evaluated.threads),
    ...(assessment.underEnforce ? { trial: trialOf(assessment.underEnforce) } : {}),
    ...(merged === undefined ? {} : { merged }),
  };
}

function portfolioOf({ repository: { properties } }: Snapshot): string | undefined {
  if (properties?.outcome !== "present") return undefined;
  const found = Object.entries(properties.values).find(([name]) => name.toLowerCase() === "portfolio");
  const value = found?.[1][0];
  return value === undefined || value === "" ? undefined : cut(value);
}

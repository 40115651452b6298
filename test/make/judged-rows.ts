import type { Database } from "../../src/shell/store/database.ts";
import type { OpenPullRequest } from "../../src/shell/store/open-pull-requests.ts";
import { createStore } from "../../src/shell/store/records.ts";
import { anAssessment } from "./an-assessment.ts";

/** A pull request of acme/shop as it is remembered: a test bends the one thing it is about. */
export function aJudged(number: number, bend: Partial<OpenPullRequest> = {}): OpenPullRequest {
  return {
    repositoryId: 7,
    number,
    installation: 1,
    owner: "acme",
    repository: "shop",
    head: "3f9c2e1b7a604d58c9e1f2a3b4c5d6e7f8091a2b",
    baseBranch: "main",
    teams: [],
    people: [],
    judged: "2026-03-04T09:00:00.000Z",
    verdict: "the same",
    ...bend,
  };
}

/** One evaluation with one write, recorded as of an instant, of `owner/name`. */
export async function recorded(
  database: Database,
  repositoryId: number,
  pullRequest: number,
  asOf: string,
  repository = "acme/shop",
): Promise<void> {
  const [owner = "", name = ""] = repository.split("/");
  const assessment = anAssessment({ asOf });
  const subject = { ...assessment.subject, repository, repositoryId, pullRequest };
  const step = { do: "request-review", teams: ["security-architects"], users: [] } as const;
  await createStore(database.kysely).record({
    subject: { kind: "pull-request", owner, repository: name, number: pullRequest, repositoryId },
    assessment: { ...assessment, subject },
    plan: { head: subject.head, steps: [step] },
    results: [{ step, outcome: "done", reference: "https://x.example" }],
  });
}

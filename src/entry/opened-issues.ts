import type { StepResult } from "../core/domain/plan.ts";
import type { GitHubClient } from "../shell/github/client.ts";
import type { RepositoryName } from "../shell/github/files.ts";
import { type IssueSeen, issueSeen } from "../shell/github/issue-seen.ts";
import type { Posts, World } from "../shell/ports.ts";
import type { Database } from "../shell/store/database.ts";
import { keepOpenedIssues, openedIssues } from "../shell/store/opened-issues.ts";

/*
 * Our issues are found by their label, their author and their marker. One that a person moved to another repository, or
 * whose label or marker a person took off, is not found, and would be opened a second time: so the numbers of those that
 * we opened are remembered, and looked up before another one is opened for the same threat. The number is the
 * repository's own, which follows GitHub's id of it (H089). One that was deleted is opened again.
 */

type CreateIssue = Extract<StepResult["step"], { readonly do: "create-issue" }>;

/** A world that opens no second issue for a threat whose issue is still somewhere on GitHub. */
export function withOpenedIssues(
  world: World,
  { kysely: db }: Database,
  client: GitHubClient,
  repositoryId: number,
): World {
  const whyNot = async ({ issue }: CreateIssue, place: RepositoryName): Promise<string | undefined> => {
    for (const number of await openedIssues(db, repositoryId, issue.threat)) {
      const why = reasonOf(number, await issueSeen(client, place, number));
      if (why !== undefined) return why;
    }
    return undefined;
  };
  // As GitHub names it now: an event may still carry a former name.
  let place: RepositoryName | undefined;
  const apply: Posts["apply"] = async (subject, plan, mayWrite) => {
    if (plan.issuesIn || !place) return world.posts.apply(subject, plan, mayWrite);
    const reasons = new Map<StepResult["step"], string>();
    for (const step of plan.steps) {
      if (step.do !== "create-issue") continue;
      const why = await whyNot(step, place);
      if (why !== undefined) reasons.set(step, why);
    }
    const wanted = { ...plan, steps: plan.steps.filter((one) => !reasons.has(one)) };
    const results = await world.posts.apply(subject, wanted, mayWrite);
    await keepOpenedIssues(db, repositoryId, results.flatMap(openedBy));
    const done = new Map(results.map((result) => [result.step, result]));
    return plan.steps.flatMap((step): StepResult[] => {
      const why = reasons.get(step);
      if (why !== undefined) return [{ step, outcome: "skipped", why }];
      const result = done.get(step);
      return result ? [result] : [];
    });
  };
  return {
    ...world,
    posts: {
      begin: (subject, head, says) => world.posts.begin(subject, head, says),
      observed: (subject, snapshot, issuesIn) => {
        place = { owner: snapshot.repository.owner, name: snapshot.repository.name };
        return world.posts.observed(subject, snapshot, issuesIn);
      },
      apply,
    },
  };
}

function reasonOf(number: number, seen: IssueSeen): string | undefined {
  switch (seen.is) {
    case "here":
      return `its issue #${number} is there without the label or the words by which ours are known`;
    case "moved":
      return `its issue #${number} was moved to ${seen.to ?? "another repository"}, and belongs to those who moved it`;
    case "gone":
      return undefined;
  }
}

function openedBy({ step, ...result }: StepResult): readonly { readonly threat: string; readonly number: number }[] {
  if (step.do !== "create-issue" || result.outcome !== "done") return [];
  const number = Number(/\/issues\/([1-9]\d{0,14})$/.exec(result.reference ?? "")?.[1]);
  return Number.isSafeInteger(number) ? [{ threat: step.issue.threat, number }] : [];
}

import { pullRequestsOf } from "../lookups.ts";
import type { CheckRun, Repository, World } from "../world.ts";
import { type Shown, showApp } from "./accounts.ts";
import { nodeId } from "./node-id.ts";
import { showBriefly } from "./pull-requests.ts";
import { apiOf, pageOf } from "./repositories.ts";

export function showCheckRun(world: World, repository: Repository, run: CheckRun): Shown {
  const api = `${apiOf(world, repository)}/check-runs/${run.id}`;
  const html = `${pageOf(world, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url: api,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${api}/annotations`,
    },
    check_suite: { id: run.suite },
    app: showApp(world, run.app),
    pull_requests: briefPullRequests(world, repository, run.headSha),
  };
}

/** In webhooks the suite comes whole. */
export function showCheckRunInWebhook(world: World, repository: Repository, run: CheckRun): Shown {
  return { ...showCheckRun(world, repository, run), check_suite: showCheckSuite(world, repository, run) };
}

export function showCheckSuite(world: World, repository: Repository, run: CheckRun): Shown {
  const runs = repository.checkRuns.filter((other) => other.suite === run.suite);
  const done = runs.every((other) => other.status === "completed");
  const pull = pullRequestsOf(repository).find((one) => one.head.sha === run.headSha);
  return {
    id: run.suite,
    node_id: nodeId("CheckSuite", run.suite),
    head_branch: pull?.head.branch ?? null,
    head_sha: run.headSha,
    status: done ? "completed" : "in_progress",
    conclusion: done ? run.conclusion : null,
    url: `${apiOf(world, repository)}/check-suites/${run.suite}`,
    before: pull?.base.sha ?? null,
    after: run.headSha,
    pull_requests: briefPullRequests(world, repository, run.headSha),
    app: showApp(world, run.app),
    created_at: run.startedAt,
    updated_at: run.completedAt ?? run.startedAt,
  };
}

/** Pull requests of this repository with that head; GitHub leaves those from forks out. */
function briefPullRequests(world: World, repository: Repository, sha: string): Shown[] {
  return pullRequestsOf(repository)
    .filter((pull) => pull.head.sha === sha && pull.head.repository?.id === repository.id && pull.state === "open")
    .map((pull) => showBriefly(world, repository, pull));
}

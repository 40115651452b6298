import { z } from "zod";
import { createCheckRun, updateCheckRun } from "../deeds/checks.ts";
import { notAllowed, notFound, Refusal, unprocessable } from "../refusal.ts";
import { showCheckRun } from "../show/checks.ts";
import type { App, CheckRun } from "../world.ts";
import {
  type Answer,
  created,
  cut,
  numberIn,
  type Operation,
  ok,
  page,
  type RepositoryCall,
  read,
} from "./operation.ts";
import { resolveCommit } from "./revision.ts";

const readChecks = { on: "repository", needs: [{ checks: "read" }], person: "read" } as const;
const writeChecks = { on: "repository", needs: [{ checks: "write" }], person: "never" } as const;
const onePath = "/repos/{owner}/{repo}/check-runs/{check_run_id}";

/** Check runs. Only Apps write them. https://docs.github.com/rest/checks/runs */
export const checkOperations: readonly Operation[] = [
  { id: "checks/create", method: "POST", path: "/repos/{owner}/{repo}/check-runs", ...writeChecks, answer: create },
  { id: "checks/get", method: "GET", path: onePath, ...readChecks, answer: get },
  { id: "checks/update", method: "PATCH", path: onePath, ...writeChecks, answer: update },
  {
    id: "checks/list-annotations",
    method: "GET",
    path: `${onePath}/annotations`,
    ...readChecks,
    answer: listAnnotations,
  },
  {
    id: "checks/list-for-ref",
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    ...readChecks,
    answer: listForRef,
  },
];

const annotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string(),
  title: z.string().nullable().default(null),
  raw_details: z.string().nullable().default(null),
});

const words = z.object({
  name: z.string().min(1).optional(),
  head_sha: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  conclusion: z
    .enum(["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"])
    .optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string(),
      text: z.string().optional(),
      annotations: z.array(annotation).optional(),
    })
    .optional(),
  actions: z.array(z.object({ label: z.string(), description: z.string(), identifier: z.string() })).optional(),
});

/** GitHub's limits of a check run. https://docs.github.com/rest/checks/runs#create-a-check-run */
const limits = { text: 65_535, annotations: 50, title: 255, actions: 3, label: 20, description: 40, identifier: 20 };

function judged(call: RepositoryCall): z.infer<typeof words> {
  const given = read(words, call);
  const refuse = (message: string): never => {
    throw new Refusal(422, `Invalid request.\n\n${message}`);
  };
  if (given.status === "completed" && given.conclusion === undefined) refuse('"conclusion" wasn\'t supplied.');
  const { output, actions = [] } = given;
  if ((output?.annotations?.length ?? 0) > limits.annotations)
    refuse("No more than 50 items are allowed; annotations.");
  for (const [field, text] of Object.entries({ summary: output?.summary, text: output?.text })) {
    if (text !== undefined && Buffer.byteLength(text) > limits.text) {
      refuse(`Only ${limits.text} characters are allowed; ${field} is too long.`);
    }
  }
  for (const one of output?.annotations ?? []) {
    if ((one.title ?? "").length > limits.title)
      refuse("Only 255 characters are allowed; annotation title is too long.");
    if (one.start_line > one.end_line) refuse("end_line must be at or after start_line.");
  }
  if (actions.length > limits.actions) refuse("No more than 3 items are allowed; actions.");
  for (const one of actions) {
    if (one.label.length > limits.label) refuse("Only 20 characters are allowed; label.");
    if (one.description.length > limits.description) refuse("Only 40 characters are allowed; description.");
    if (one.identifier.length > limits.identifier) refuse("Only 20 characters are allowed; identifier.");
  }
  return given;
}

function appOf(call: RepositoryCall): App {
  if (call.actor.kind !== "installation") throw notAllowed();
  return call.actor.grant.installation.app;
}

function create(call: RepositoryCall): Answer {
  const given = judged(call);
  if (given.name === undefined || given.head_sha === undefined) {
    throw new Refusal(422, `Invalid request.\n\n"${given.name === undefined ? "name" : "head_sha"}" wasn't supplied.`);
  }
  const commit = resolveCommit(call.repository, given.head_sha);
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${given.head_sha}`);
  const run = createCheckRun(call.world, call.repository, appOf(call), commit.oid, {
    ...inOurWords(given),
    name: given.name,
  });
  return created(showCheckRun(call.world, call.repository, run));
}

function inOurWords(given: z.infer<typeof words>) {
  return {
    ...given,
    externalId: given.external_id,
    detailsUrl: given.details_url,
    startedAt: given.started_at,
    completedAt: given.completed_at,
  };
}

function runIn(call: RepositoryCall): CheckRun {
  const id = numberIn(call, "check_run_id");
  const run = call.repository.checkRuns.find((one) => one.id === id);
  if (run === undefined) throw notFound();
  return run;
}

function get(call: RepositoryCall): Answer {
  return ok(showCheckRun(call.world, call.repository, runIn(call)));
}

function update(call: RepositoryCall): Answer {
  const run = runIn(call);
  if (run.app !== appOf(call))
    throw new Refusal(
      403,
      `Invalid app_id \`${appOf(call).id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  updateCheckRun(call.world, call.repository, run, inOurWords(judged(call)));
  return ok(showCheckRun(call.world, call.repository, run));
}

function listAnnotations(call: RepositoryCall): Answer {
  const run = runIn(call);
  return page(call, run.annotations, (one) => ({
    path: one.path,
    blob_href: `${call.world.url}/${call.params["owner"]}/${call.params["repo"]}/blob/${run.headSha}/${one.path}`,
    start_line: one.start_line,
    start_column: null,
    end_line: one.end_line,
    end_column: null,
    annotation_level: one.annotation_level,
    title: one.title,
    message: one.message,
    raw_details: one.raw_details,
  }));
}

/** Newest first; with `filter=latest` (the default) only the newest run of each name of each App. */
function listForRef(call: RepositoryCall): Answer {
  const { query, repository } = call;
  const commit = resolveCommit(repository, call.params["ref"] ?? "");
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${call.params["ref"]}`);
  const name = query.get("check_name");
  const appId = query.get("app_id");
  const status = query.get("status");
  const all = repository.checkRuns.filter(
    (run) =>
      run.headSha === commit.oid &&
      (name === null || run.name === name) &&
      (appId === null || String(run.app.id) === appId) &&
      (status === null || run.status === status),
  );
  all.reverse();
  const isNewest = (run: CheckRun): boolean =>
    all.find((other) => other.name === run.name && other.app === run.app) === run;
  const runs = query.get("filter") === "all" ? all : all.filter(isNewest);
  const { slice, headers } = cut(call, runs);
  return ok(
    { total_count: runs.length, check_runs: slice.map((run) => showCheckRun(call.world, repository, run)) },
    headers,
  );
}

import { showCheckRunInWebhook, showCheckSuite } from "../show/checks.ts";
import type { Account, Annotation, App, CheckRun, Conclusion, Repository, World } from "../world.ts";

export interface CheckWords {
  readonly name?: string | undefined;
  readonly status?: CheckRun["status"] | undefined;
  readonly conclusion?: Conclusion | undefined;
  readonly externalId?: string | undefined;
  readonly detailsUrl?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly completedAt?: string | undefined;
  readonly output?:
    | {
        readonly title?: string | undefined;
        readonly summary: string;
        readonly text?: string | undefined;
        readonly annotations?: readonly Annotation[] | undefined;
      }
    | undefined;
  readonly actions?: CheckRun["actions"] | undefined;
}

/** A check run of an App on a commit; its runs on one commit are one suite. */
export function createCheckRun(
  world: World,
  repository: Repository,
  app: App,
  headSha: string,
  words: CheckWords & { readonly name: string },
): CheckRun {
  const startedAt = world.clock.tick();
  const sibling = repository.checkRuns.find((run) => run.app === app && run.headSha === headSha);
  const run: CheckRun = {
    id: world.nextId(),
    suite: sibling?.suite ?? world.nextId(),
    app,
    name: words.name,
    headSha,
    status: "queued",
    conclusion: null,
    externalId: "",
    detailsUrl: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    startedAt: words.startedAt ?? startedAt,
    completedAt: null,
  };
  repository.checkRuns.push(run);
  apply(run, words, startedAt);
  announceCheckRun(world, repository, run, app.bot, "created");
  if (run.status === "completed") announceCheckRun(world, repository, run, app.bot, "completed");
  return run;
}

/** Changes what is named. Annotations are added to those that are there, as GitHub does. */
export function updateCheckRun(world: World, repository: Repository, run: CheckRun, words: CheckWords): void {
  const wasCompleted = run.status === "completed";
  apply(run, words, world.clock.tick());
  if (run.status === "completed" && !wasCompleted) announceCheckRun(world, repository, run, run.app.bot, "completed");
}

function apply(run: CheckRun, words: CheckWords, now: string): void {
  delete run.isRequeued;
  run.name = words.name ?? run.name;
  run.externalId = words.externalId ?? run.externalId;
  run.detailsUrl = words.detailsUrl ?? run.detailsUrl;
  run.startedAt = words.startedAt ?? run.startedAt;
  run.actions = words.actions ?? run.actions;
  if (words.output !== undefined) {
    run.title = words.output.title ?? run.title;
    run.summary = words.output.summary;
    run.text = words.output.text ?? run.text;
    run.annotations.push(...(words.output.annotations ?? []));
  }
  if (words.conclusion !== undefined) {
    run.status = "completed";
    run.conclusion = words.conclusion;
    run.completedAt = words.completedAt ?? now;
    return;
  }
  if (words.status === undefined) return;
  run.status = words.status;
  if (words.status === "completed") return;
  run.conclusion = null;
  run.completedAt = null;
}

/** Somebody pressed "Re-run", or one of the check's own buttons. Only the App that made the check is told. */
export function pressButton(
  world: World,
  repository: Repository,
  run: CheckRun,
  sender: Account,
  identifier?: string,
): void {
  if (identifier === undefined) announceCheckRun(world, repository, run, sender, "rerequested");
  else announceCheckRun(world, repository, run, sender, "requested_action", { requested_action: { identifier } });
}

/** Somebody pressed "Re-run all checks" of an App on a commit: its suite is queued again, and its runs stay as they are. */
export function rerunAll(world: World, repository: Repository, headSha: string, app: App, sender: Account): void {
  const runs = repository.checkRuns.filter((run) => run.headSha === headSha && run.app === app);
  const last = runs.at(-1);
  if (last === undefined) throw new Error(`${app.slug} has no checks on ${headSha}`);
  for (const run of runs) run.isRequeued = true;
  const payload = { check_suite: showCheckSuite(world, repository, last) };
  world.announce({ event: "check_suite", action: "rerequested", repository, sender, app, payload });
}

function announceCheckRun(
  world: World,
  repository: Repository,
  run: CheckRun,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.announce({
    event: "check_run",
    action,
    repository,
    sender,
    ...(action === "rerequested" || action === "requested_action" ? { app: run.app } : {}),
    payload: { check_run: showCheckRunInWebhook(world, repository, run), ...more },
  });
}

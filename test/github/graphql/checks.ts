import { may } from "../identity.ts";
import { nodeId } from "../show/node-id.ts";
import { pageOf } from "../show/repositories.ts";
import type { CheckRun, Repository } from "../world.ts";
import { appShape } from "./people.ts";
import {
  type Arguments,
  type Context,
  connection,
  forbidden,
  inputOf,
  onlyKnows,
  type Shape,
  textOf,
} from "./shape.ts";

/** The suites of a commit: one for each App. */
export function checkSuites(context: Context, repository: Repository, oid: string, args: Arguments): Shape {
  if (!may(context.world, context.actor, repository, [{ checks: "read" }], "read")) throw forbidden();
  const filter = inputOf(args, "filterBy");
  onlyKnows(filter, "Commit.checkSuites(filterBy:)", "appId", "checkName");
  const suites = new Map<number, CheckRun[]>();
  for (const run of repository.checkRuns) {
    if (run.headSha !== oid || (typeof filter["appId"] === "number" && run.app.id !== filter["appId"])) continue;
    suites.set(run.suite, [...(suites.get(run.suite) ?? []), run]);
  }
  const name = textOf(filter, "checkName");
  const wanted = [...suites.values()].filter((runs) => name === undefined || runs.some((run) => run.name === name));
  return connection("CheckSuiteConnection", args, wanted, (runs) => suiteShape(context, repository, runs), [
    "filterBy",
  ]);
}

function suiteShape(context: Context, repository: Repository, runs: readonly CheckRun[]): Shape {
  const last = runs[runs.length - 1];
  const done = runs.every((run) => run.status === "completed");
  return {
    __typename: "CheckSuite",
    id: nodeId("CheckSuite", last?.suite ?? 0),
    databaseId: last?.suite ?? null,
    status: last?.isRequeued ? "QUEUED" : done ? "COMPLETED" : "IN_PROGRESS",
    conclusion: done ? (last?.conclusion?.toUpperCase() ?? null) : null,
    app: () => (last === undefined ? null : appShape(last.app)),
    checkRuns: (args: Arguments) => {
      const filter = inputOf(args, "filterBy");
      onlyKnows(filter, "CheckSuite.checkRuns(filterBy:)", "checkName", "checkType", "appId", "status");
      const name = textOf(filter, "checkName");
      const status = textOf(filter, "status");
      const newest = [...runs].reverse();
      const isLatest = (run: CheckRun): boolean => newest.find((one) => one.name === run.name) === run;
      const shown = newest.filter(
        (run) =>
          (name === undefined || run.name === name) &&
          (typeof filter["appId"] !== "number" || run.app.id === filter["appId"]) &&
          (status === undefined || run.status.toUpperCase() === status) &&
          (textOf(filter, "checkType") === "ALL" || isLatest(run)),
      );
      return connection("CheckRunConnection", args, shown, (run) => checkRunShape(context, repository, run), [
        "filterBy",
      ]);
    },
  };
}

function checkRunShape(context: Context, repository: Repository, run: CheckRun): Shape {
  const url = `${pageOf(context.world, repository)}/runs/${run.id}`;
  return {
    __typename: "CheckRun",
    id: nodeId("CheckRun", run.id),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    externalId: run.externalId === "" ? null : run.externalId,
    title: run.title,
    summary: run.summary,
    text: run.text,
    url,
    permalink: url,
    detailsUrl: run.detailsUrl ?? url,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    annotations: (args: Arguments) =>
      connection("CheckAnnotationConnection", args, run.annotations, (one) => ({
        __typename: "CheckAnnotation",
        path: one.path,
        message: one.message,
        title: one.title,
        annotationLevel: one.annotation_level.toUpperCase(),
      })),
  };
}

import { readForeignYaml } from "../../text/yaml.ts";
import {
  type Draft,
  elementsOf,
  emptyDraft,
  entriesOf,
  isMapping,
  itemOf,
  type LineOf,
  member,
  plainValue,
  setAttribute,
  setNested,
  structureOf,
} from "../notations/items.ts";
import { publishingIn } from "../publishing.ts";
import type { Item, StructureReader } from "../structure.ts";
import { fragmentItems } from "../workflow-fragment.ts";
import { actionItems, setSecrets, setVaultSecrets, untrustedIn } from "../workflow-parts.ts";

/**
 * GitHub workflows and composite actions.
 *
 * `workflow`: type is the file; attributes `on.EVENT…`, `permissions.SCOPE`, `permissions` (`read-all`, `write-all`, `{}`), `secrets.NAME`.
 * `workflow-job`: type is the job id; `permissions.SCOPE`, `environment`, `runs-on`, `uses` (a reusable workflow), `secrets.NAME` (names of secrets
 * used), `publishes.N` (what it deploys or publishes, in words), `writes.SCOPE` (rights in force, own or inherited), `untrusted.N`
 * (an expression that an outsider controls, inside a script), `checks-out-head` (code of the pull request under `pull_request_target`).
 * `workflow-action`: type is `owner/name` (with its folder), attributes `ref`, `version`, `pinned`, `official`, `job`, `secrets.NAME`, `credential.INPUT`
 * (an input that is given a secret or a credential of the caller).
 * https://docs.github.com/actions/reference/workflow-syntax-for-github-actions
 */
export const structure: StructureReader = {
  name: "GitHub workflow",
  wants: (path) => /(^|\/)\.github\/(workflows|actions)\/.*\.ya?ml$|(^|\/)action\.ya?ml$/.test(path),
  read(path, text) {
    const yaml = readForeignYaml(text);
    if ("unreadable" in yaml) return yaml;
    const [document] = yaml.documents;
    if (!document) return { items: [] };
    const { value, lineOf } = document;
    if (isMapping(member(value, "runs"))) return structureOf(compositeItems(path, value, lineOf));
    if (!isMapping(member(value, "jobs"))) return { items: [] };
    return structureOf(workflowItems(path, value, lineOf));
  },
  readFragment: (path, text) => structureOf(fragmentItems(path, text)),
};

/** Events that run with secrets and a writing token for changes that outsiders propose. */
const privilegedEvents = new Set([
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "issues",
  "discussion",
  "discussion_comment",
]);

function workflowItems(path: string, value: unknown, lineOf: LineOf): Item[] {
  const draft = emptyDraft();
  const name = member(value, "name");
  setTriggers(draft, member(value, "on") ?? member(value, "true"), lineOf);
  const shared = setPermissions(draft, member(value, "permissions"), ["permissions"], lineOf);
  setSecrets(draft, member(value, "env"), ["env"], lineOf);
  const events = new Set([...draft.attributes.keys()].map((attribute) => attribute.split(".")[1] ?? ""));
  const isPrivileged = [...events].some((event) => privilegedEvents.has(event));
  const file = path.slice(path.lastIndexOf("/") + 1);
  const items: Item[] = [];
  const jobs: Item[] = [];
  for (const [id, job] of entriesOf(member(value, "jobs"))) {
    if (!isMapping(job)) continue;
    jobs.push(...jobItems(id, job, ["jobs", id], lineOf, { shared, isPrivileged }));
  }
  for (const job of jobs) {
    if (job.kind !== "workflow-job") continue;
    for (const [attribute, said] of job.attributes) {
      // What any of its jobs does, the workflow does: rules on new workflows look here.
      if (/^publishes\.\d+$/.test(attribute))
        setAttribute(draft, `publishes.${job.type}.${attribute.slice(10)}`, said, job.lines.get(attribute));
    }
  }
  const line = lineOf(["on"]) ?? lineOf(["name"]) ?? 1;
  const title = typeof name === "string" ? name : file;
  items.push(itemOf({ kind: "workflow", type: file, key: "workflow", name: title, line }, draft), ...jobs);
  return items;
}

function compositeItems(path: string, value: unknown, lineOf: LineOf): Item[] {
  const name = member(value, "name");
  const id = typeof name === "string" ? name : path;
  const runs = member(value, "runs");
  const inputs = emptyDraft();
  for (const [input] of entriesOf(member(value, "inputs")))
    setAttribute(inputs, `inputs.${input}`, true, lineOf(["inputs", input]));
  return jobItems(id, runs, ["runs"], lineOf, { shared: undefined, isPrivileged: false }, inputs);
}

interface Surroundings {
  /** Rights that the workflow gives to jobs without rights of their own; undefined: the repository's default. */
  readonly shared: ReadonlyMap<string, string> | undefined;
  readonly isPrivileged: boolean;
}

function jobItems(
  id: string,
  job: unknown,
  path: readonly (string | number)[],
  lineOf: LineOf,
  around: Surroundings,
  draft: Draft = emptyDraft(),
): Item[] {
  const own = setPermissions(draft, member(job, "permissions"), [...path, "permissions"], lineOf);
  for (const [scope, right] of own ?? around.shared ?? []) {
    if (right === "write")
      setAttribute(
        draft,
        `writes.${scope}`,
        true,
        lineOf([...path, "permissions", scope]) ?? lineOf(["permissions", scope]),
      );
  }
  const environment = member(job, "environment");
  const environmentName = isMapping(environment) ? member(environment, "name") : environment;
  setAttribute(draft, "environment", plainValue(environmentName), lineOf([...path, "environment"]));
  setNested(draft, "runs-on", member(job, "runs-on") ?? undefined, lineOf, [...path, "runs-on"]);
  setAttribute(draft, "if", plainValue(member(job, "if")), lineOf([...path, "if"]));
  setSecrets(draft, member(job, "env"), [...path, "env"], lineOf);
  setSecrets(draft, member(job, "with"), [...path, "with"], lineOf);
  if (member(job, "secrets") === "inherit") setAttribute(draft, "secrets.inherit", true, lineOf([...path, "secrets"]));
  else setSecrets(draft, member(job, "secrets"), [...path, "secrets"], lineOf);
  const items: Item[] = [];
  const counts = { publishes: 0, untrusted: 0 };
  const reused = member(job, "uses");
  if (typeof reused === "string") {
    setAttribute(draft, "uses", reused.split("@", 1)[0], lineOf([...path, "uses"]));
    items.push(...actionItems(reused, id, path, lineOf, job));
  }
  for (const [index, step] of elementsOf(member(job, "steps")).entries()) {
    const at = [...path, "steps", index];
    setSecrets(draft, member(step, "env"), [...at, "env"], lineOf);
    setSecrets(draft, member(step, "with"), [...at, "with"], lineOf);
    setVaultSecrets(draft, step, at, lineOf);
    const run = member(step, "run");
    const uses = member(step, "uses");
    if (typeof run === "string") {
      setSecrets(draft, run, [...at, "run"], lineOf);
      for (const found of untrustedIn(run))
        setAttribute(draft, `untrusted.${counts.untrusted++}`, found, lineOf([...at, "run"]));
    }
    if (typeof uses === "string") items.push(...actionItems(uses, id, at, lineOf, step));
    for (const what of publishingIn(step)) {
      setAttribute(
        draft,
        `publishes.${counts.publishes++}`,
        what,
        lineOf([...at, typeof uses === "string" ? "uses" : "run"]),
      );
    }
    const ref = member(member(step, "with"), "ref");
    if (
      around.isPrivileged &&
      typeof ref === "string" &&
      /\.head[._]?(sha|ref)|head_ref|refs\/pull|workflow_run\.head/.test(ref)
    ) {
      setAttribute(draft, "checks-out-head", ref, lineOf([...at, "with", "ref"]));
    }
  }
  const name = member(job, "name");
  return [
    itemOf(
      { kind: "workflow-job", type: id, key: id, name: typeof name === "string" ? name : id, line: lineOf(path) ?? 1 },
      draft,
    ),
    ...items,
  ];
}

function setTriggers(draft: Draft, on: unknown, lineOf: LineOf): void {
  if (typeof on === "string") setAttribute(draft, `on.${on}`, true, lineOf(["on"]));
  else if (Array.isArray(on)) {
    for (const [index, event] of on.entries())
      if (typeof event === "string") setAttribute(draft, `on.${event}`, true, lineOf(["on", index]));
  } else {
    for (const [event, filter] of entriesOf(on)) {
      setAttribute(draft, `on.${event}`, true, lineOf(["on", event]));
      if (event !== "schedule") setNested(draft, `filter.${event}`, filter ?? undefined, lineOf, ["on", event]);
    }
  }
}

/** Sets `permissions.SCOPE`; a word for all scopes stands under `permissions`. Gives the rights, or undefined when none are stated. */
function setPermissions(
  draft: Draft,
  permissions: unknown,
  path: readonly (string | number)[],
  lineOf: LineOf,
): Map<string, string> | undefined {
  if (permissions === undefined || permissions === null) return undefined;
  if (typeof permissions === "string") {
    setAttribute(draft, "permissions", permissions, lineOf(path));
    return new Map(permissions === "write-all" ? [["all", "write"]] : []);
  }
  const rights = new Map<string, string>();
  for (const [scope, right] of entriesOf(permissions)) {
    rights.set(scope, String(right));
    setAttribute(draft, `permissions.${scope}`, String(right), lineOf([...path, scope]));
  }
  if (rights.size === 0) setAttribute(draft, "permissions", "{}", lineOf(path));
  return rights;
}

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
import { publishingBy, publishingIn } from "../publishing.ts";
import type { Item, StructureReader } from "../structure.ts";

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

/** Names of secrets that the texts below `value` use: `${{ secrets.NAME }}`. */
function setSecrets(draft: Draft, value: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  for (const text of isMapping(value) ? Object.entries(value) : [["", value] as const]) {
    const [key, said] = text;
    if (typeof said !== "string") continue;
    for (const name of secretNames(said)) {
      if (!draft.attributes.has(`secrets.${name}`))
        setAttribute(draft, `secrets.${name}`, true, lineOf(key === "" ? path : [...path, key]));
    }
  }
}

/** Secrets of services that coverage and scan results are sent to: they open nothing of ours. */
const reportingSecrets =
  /^(CODECOV|COVERALLS|CODACY|CODECLIMATE|CC_TEST|SONAR|SNYK|DEEPSOURCE|QLTY)_[A-Z_]*(TOKEN|REPORTER_ID|DSN)$/;

function secretNames(text: string): string[] {
  // The token every workflow has anyway is no new secret; what it may do stands under permissions.
  return [...text.slice(0, 20_000).matchAll(/\bsecrets(?:\.([A-Za-z_]\w*)|\[\s*['"]([A-Za-z_]\w*)['"]\s*\])/g)]
    .map((found) => found[1] ?? found[2] ?? "")
    .filter((name) => !/^github_token$/i.test(name) && !reportingSecrets.test(name));
}

/**
 * Expressions with text that an outsider writes, put into a script. The list is GitHub's own:
 * https://docs.github.com/actions/concepts/security/script-injections
 */
function untrustedIn(run: string): string[] {
  const found: string[] = [];
  for (const one of run.slice(0, 20_000).matchAll(/\$\{\{([^}]{1,300})\}\}/g)) {
    const expression = (one[1] ?? "").trim();
    if (
      /github\.head_ref|github\.event\.(issue|pull_request|discussion)\.(title|body)|github\.event\.pull_request\.head\.(ref|label|repo\.default_branch)|github\.event\.(comment|review|review_comment)\.body|github\.event\.(head_commit|commits[^ ]*)\.(message|author\.(name|email))|github\.event\.workflow_run\.(head_branch|head_commit|display_title)|github\.event\.pages[^ ]*\.page_name/.test(
        expression,
      )
    ) {
      found.push(expression);
    }
  }
  return found;
}

/** A secret, or an input of the caller whose name says that it is one. */
function isCredential(value: string): boolean {
  return (
    secretNames(value).length > 0 ||
    /\binputs\.[\w-]*(credential|secret|token|password|private[-_]?key|access[-_]?key)/i.test(value.slice(0, 2_000))
  );
}

/** Owners whose actions come from GitHub itself. */
const officialOwners = new Set(["actions", "github"]);

function actionItems(
  uses: string,
  job: string,
  path: readonly (string | number)[],
  lineOf: LineOf,
  step: unknown,
): Item[] {
  const line = lineOf([...path, "uses"]) ?? 1;
  if (uses.startsWith("./")) return [];
  const draft = emptyDraft();
  const [action = "", ref] = uses.split("@", 2);
  const isImage = uses.startsWith("docker://");
  const type = (isImage ? uses.slice(9).replace(/[:@].*$/, "") : action).toLowerCase();
  setAttribute(draft, "ref", ref ?? "", line);
  setAttribute(draft, "version", ref ?? "", line);
  setAttribute(draft, "pinned", /^[0-9a-f]{40}$/.test(ref ?? "") || /@sha256:/.test(uses), line);
  setAttribute(draft, "official", officialOwners.has(type.split("/", 1)[0] ?? ""), line);
  setAttribute(draft, "job", job);
  setSecrets(draft, member(step, "with"), [...path, "with"], lineOf);
  setSecrets(draft, member(step, "env"), [...path, "env"], lineOf);
  for (const [input, value] of entriesOf(member(step, "with"))) {
    if (typeof value === "string" && isCredential(value))
      setAttribute(draft, `credential.${input}`, true, lineOf([...path, "with", input]));
  }
  return [itemOf({ kind: "workflow-action", type, key: `${job} ${type}`, name: action, line }, draft)];
}

/** https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#permissions */
const permissionLine =
  /^\s*(actions|attestations|checks|contents|deployments|discussions|id-token|issues|models|packages|pages|pull-requests|repository-projects|security-events|statuses):\s*(read|write|none)\s*(#.*)?$/;
const triggerLine =
  /^(?: {2,4}|on:\s*)(push|pull_request|pull_request_target|workflow_dispatch|workflow_call|workflow_run|release|schedule|issue_comment|issues|repository_dispatch|deployment|merge_group|registry_package):?\s*(#.*)?$/;

/**
 * What the known lines of a workflow say by themselves: rights, triggers, secrets, actions, what is published. Which job they belong to is not
 * known, so all of it is one `workflow-job` named after the file.
 */
function fragmentItems(path: string, text: string): Item[] {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const workflow = emptyDraft();
  const job = emptyDraft();
  const items: Item[] = [];
  const lines = text.split("\n");
  const again = (draft: Draft, name: string, value: string | boolean, line: number): void => {
    let free = name;
    for (let times = 1; draft.attributes.has(free) && times < 100; times++) free = `${name}.${times}`;
    setAttribute(draft, free, value, line);
  };
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const content = raw.slice(0, 2_000);
    if (/^\s*(#|$)/.test(content)) continue;
    const permission = permissionLine.exec(content);
    // A new right to read may be that of a new job; that it replaces a right to write shows in the right that is gone.
    if (permission?.[2] === "write") again(job, `permissions.${permission[1]}`, permission[2] ?? "", line);
    const all = /^\s*permissions:\s*(read-all|write-all|\{\s*\})/.exec(content)?.[1];
    if (all !== undefined) again(job, "permissions", all.startsWith("{") ? "{}" : all, line);
    const trigger = triggerLine.exec(content)?.[1];
    if (trigger !== undefined) setAttribute(workflow, `on.${trigger}`, true, line);
    const environment = /^\s*environment:\s*([^\s#][^#]*)$/.exec(content)?.[1];
    if (environment !== undefined) again(job, "environment", environment.trim(), line);
    if (/^\s*secrets:\s*inherit\b/.test(content)) setAttribute(job, "secrets.inherit", true, line);
    for (const name of secretNames(content))
      if (!job.attributes.has(`secrets.${name}`)) setAttribute(job, `secrets.${name}`, true, line);
    for (const found of untrustedIn(content)) again(job, `untrusted.${found}`, found, line);
    const uses = /^\s*-?\s*uses:\s*["']?([^\s"'#]+)/.exec(content)?.[1];
    if (uses !== undefined) {
      const inputs = inputsBelow(lines, index);
      items.push(...actionItems(uses, file, [], () => line, { with: inputs }));
      for (const what of publishingIn({ uses, with: inputs })) again(job, `publishes.${what}`, what, line);
    } else
      for (const what of publishingBy(content.replace(/^\s*-?\s*run:\s*/, "")))
        again(job, `publishes.${what}`, what, line);
  }
  // Both stand there even when nothing is known of them, so that the first known thing is a change and not a new pipeline.
  items.unshift(itemOf({ kind: "workflow", type: file, key: "workflow", name: file, line: 1 }, workflow));
  items.push(itemOf({ kind: "workflow-job", type: file, key: "fragment", name: file, line: 1 }, job));
  return items;
}

/** Inputs on the lines that follow a `uses` line, up to the next step. */
function inputsBelow(lines: readonly string[], from: number): Readonly<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const line of lines.slice(from + 1, from + 24)) {
    if (/^\s*-\s/.test(line)) break;
    const input = /^\s*([A-Za-z][\w-]*):\s+(\S.*)$/.exec(line.slice(0, 500));
    if (input?.[1] !== undefined) inputs[input[1]] = (input[2] ?? "").trim();
  }
  return inputs;
}

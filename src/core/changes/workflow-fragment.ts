import { type Draft, emptyDraft, itemOf, setAttribute } from "./notations/items.ts";
import { publishingBy, publishingIn } from "./publishing.ts";
import type { Item } from "./structure.ts";
import { actionItems, secretNames, untrustedIn } from "./workflow-parts.ts";

/** https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#permissions */
const permissionLine =
  /^\s*(actions|attestations|checks|contents|deployments|discussions|id-token|issues|models|packages|pages|pull-requests|repository-projects|security-events|statuses):\s*(read|write|none)\s*(#.*)?$/;
const triggerLine =
  /^(?: {2,4}|on:\s*)(push|pull_request|pull_request_target|workflow_dispatch|workflow_call|workflow_run|release|schedule|issue_comment|issues|repository_dispatch|deployment|merge_group|registry_package):?\s*(#.*)?$/;

/**
 * What the known lines of a workflow say by themselves: rights, triggers, secrets, actions, what is published. Which job they belong to is not
 * known, so all of it is one `workflow-job` named after the file.
 */
export function fragmentItems(path: string, text: string): Item[] {
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
    // A block of its own at the very left holds for every job: there each right is stated in place of the default.
    const [, scope, right] = permission ?? [];
    if (scope !== undefined && right !== undefined && right !== "write" && standsForAll(lines, index))
      setAttribute(workflow, `permissions.${scope}`, right, line);
    const all = /^\s*permissions:\s*(read-all|write-all|\{\s*\})/.exec(content)?.[1];
    if (all !== undefined) again(job, "permissions", all.startsWith("{") ? "{}" : all, line);
    const trigger = triggerLine.exec(content)?.[1];
    if (trigger !== undefined) setAttribute(workflow, `on.${trigger}`, true, line);
    const environment =
      /^\s*environment:\s*([^\s#][^#]*)$/.exec(content)?.[1] ??
      (/^\s+environment:\s*$/.test(content) ? /^\s+name:\s*(\S.*)$/.exec(lines[index + 1] ?? "")?.[1] : undefined);
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

/** Whether the right on this line belongs to a block `permissions:` that begins at the very left. */
function standsForAll(lines: readonly string[], from: number): boolean {
  for (let index = from - 1; index >= 0 && from - index <= 16; index--) {
    const line = lines[index] ?? "";
    if (/^permissions:\s*(#.*)?$/.test(line)) return true;
    if (!permissionLine.test(line)) return false;
  }
  return false;
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

import { z } from "zod";
import type { Transition } from "./shapes.ts";

/*
 * Every project has statuses and ways between them of its own; only the category of a status means the same everywhere:
 * `new`, `indeterminate`, `done`. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-status-categories/
 */

/** A way to take, with the fields that it wants filled. */
export interface Way {
  readonly id: string;
  readonly fields?: Readonly<Record<string, { readonly name: string }>>;
}

const givesUp = /won.?t|cancel|reject|declin|duplicate|abandon|invalid|obsolete|discard/i;

/**
 * The way to a status of the wanted category, or why there is none. Closing takes a status that says that the work is
 * done, never one that says it was given up; reopening prefers work that nobody has begun.
 */
export function wayTo(state: "closed" | "open", transitions: readonly Transition[]): Way | { readonly why: string } {
  const categories = state === "closed" ? ["done"] : ["new", "indeterminate"];
  const leading = categories
    .flatMap((category) => transitions.filter(({ to }) => to.statusCategory.key === category))
    .filter(({ to, name = "", isAvailable }) => isAvailable !== false && !givesUp.test(to.name) && !givesUp.test(name));
  if (leading.length === 0) {
    const names = transitions.map(({ to }) => to.name).slice(0, 8);
    const offered = names.length === 0 ? "none" : names.join(", ");
    return { why: `its workflow offers us no status that means ${state} from here (offered: ${offered})` };
  }
  const ways = leading.map(wayOf);
  const way = ways.find((one): one is Way => "id" in one);
  return way ?? ways.find((one) => "why" in one) ?? { why: "no way leads there" };
}

const valueShape = z.object({ name: z.string() });

function wayOf({ id, to, fields = {} }: Transition): Way | { readonly why: string } {
  const filled: Record<string, { readonly name: string }> = {};
  for (const [field, { required, hasDefaultValue, allowedValues }] of Object.entries(fields)) {
    const value = field === "resolution" ? resolutionAmong(allowedValues ?? []) : undefined;
    if (value !== undefined) filled[field] = { name: value };
    else if (required && hasDefaultValue !== true) return { why: `the way to "${to.name}" wants the field "${field}"` };
  }
  return Object.keys(filled).length === 0 ? { id } : { id, fields: filled };
}

function resolutionAmong(values: readonly unknown[]): string | undefined {
  const names = values.flatMap((value) => {
    const parsed = valueShape.safeParse(value);
    return parsed.success ? [parsed.data.name] : [];
  });
  return names.find((name) => /^(done|fixed|resolved|complete)/i.test(name));
}

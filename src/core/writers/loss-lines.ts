import type { Loss } from "./losses.ts";
import { clip, oneLine } from "./plain.ts";

/** Ids shown of one kind of loss; all of them stand in the JSON. */
const mostShown = 8;

/**
 * What did not come along, one line for each kind of part and field, for a person: what is missing, what reads
 * differently, what is said differently.
 */
export function lossLines(result: { readonly losses: readonly Loss[]; readonly notes: readonly string[] }): string[] {
  const groups = new Map<string, Loss[]>();
  for (const loss of result.losses) {
    const key = `${loss.part}\u0000${loss.field ?? ""}\u0000${loss.became === undefined ? "" : "changed"}`;
    groups.set(key, [...(groups.get(key) ?? []), loss]);
  }
  const lines = [...groups.values()].map((group) => `${sentence(group)}\n`);
  const notes = result.notes.slice(0, mostShown).map((note) => `said differently: ${note}\n`);
  const more = result.notes.length - notes.length;
  return [
    ...lines,
    ...notes,
    ...(more > 0 ? [`said differently: ${more} more like these; --format json lists all\n`] : []),
  ];
}

function sentence(group: readonly Loss[]): string {
  const [first] = group;
  if (first === undefined) return "";
  const subject = first.field === undefined ? first.part : `${first.field} of ${first.part}`;
  const which = group.map((loss) => detail(loss)).filter((text) => text !== "");
  const named = which.slice(0, mostShown).join(", ");
  const rest = which.length > mostShown ? ` and ${which.length - mostShown} more` : "";
  const verb = first.became === undefined ? "not carried" : "reads differently";
  return `${verb}: ${subject}${named === "" ? "" : ` (${named}${rest})`}`;
}

function detail({ id, value, became }: Loss): string {
  if (became !== undefined) return `${id === undefined ? "" : `${show(id)}: `}${show(value)} becomes ${show(became)}`;
  if (id !== undefined) return show(id);
  if (typeof value === "object" && value !== null && "what" in value) return show(value.what);
  return show(value);
}

function show(value: unknown): string {
  return clip(oneLine(typeof value === "string" ? value : JSON.stringify(value)), 60);
}

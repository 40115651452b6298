import { isSubstantive } from "../../text/placeholders.ts";
import { splitId } from "./raw-threat.ts";
import { type Section, textOf } from "./sections.ts";
import { isMitigationTitle } from "./vocabulary.ts";

/* What stands around the heading of a threat: how it is rated, and what is done about it. */

/** "Open redirect · DREAD 6.4 · Medium", "Open redirect — High": a level, else a score, in the last parts of a heading. */
export function ratingAtEnd(title: string): string | undefined {
  const [, ...parts] = title.split(/\s[\u00b7|\u2013\u2014-]\s/);
  const level = parts.find((part) => /^\W*(?:critical|high|medium|moderate|low)(?: risk| severity)?\W*$/i.test(part));
  return level ?? parts.find((part) => /^\W*(?:dread|cvss|risk)(?: score)?\W{1,3}\d/i.test(part));
}

/** A rating that has a heading of its own after the threat: "DREAD score: 6.2". */
export function ratingBeside(section: Section, parent: Section): string | undefined {
  const next = parent.children[parent.children.indexOf(section) + 1] ?? section.children.at(-1);
  return /^(?:dread|risk|cvss|severity)(?: (?:score|rating|level))?\s?[:=]\s?(\S.{0,30})$/i.exec(
    next?.title ?? "",
  )?.[1];
}

/** What a table or an example in code says right below a label such as "Mitigation:" that has no words of its own. */
export function mitigationBelow({ blocks }: Section): string | undefined {
  for (const [index, block] of blocks.entries()) {
    const last = block.kind === "entries" ? block.entries.at(-1) : undefined;
    if (last?.label === undefined || last.text !== "" || last.entries.length > 0 || !isMitigationTitle(last.label))
      continue;
    const below = blocks[index + 1];
    if (below?.kind === "table") return below.rows.map(({ cells }) => cells.join(" ")).join("\n") || undefined;
    if (below?.kind === "code" && isSubstantive(below.text)) return below.text.slice(0, 500);
  }
  return undefined;
}

/** What stands under a child heading such as "Mitigations". */
export function childMitigation(section: Section): string | undefined {
  const child = section.children.find(({ title }) => isMitigationTitle(title) && splitId(title) === undefined);
  const text = child === undefined ? "" : textOf(child, true);
  return text === "" ? undefined : text;
}

/** A heading beside the threat's own that repeats its id: "Threat-01-S Recommended mitigations". */
export function siblingMitigation(section: Section, parent: Section, id: string | undefined): string | undefined {
  const index = parent.children.indexOf(section);
  const next = parent.children[index + 1];
  const siblings = [...parent.children, ...section.children];
  const byId =
    id === undefined
      ? undefined
      : siblings.find(({ title }) => isMitigationTitle(title) && title.toLowerCase().includes(id.toLowerCase()));
  const sibling =
    byId ??
    (next !== undefined &&
    isMitigationTitle(next.title) &&
    /^(recommended |possible |suggested )?mitigations?$/i.test(next.title)
      ? next
      : undefined);
  const text = sibling === undefined ? "" : textOf(sibling, true);
  return text === "" ? undefined : text;
}

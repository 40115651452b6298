import { isPlaceholder } from "../../text/placeholders.ts";
import { strideOf } from "../words.ts";
import { speaksOf } from "./languages.ts";
import { type RawThreat, splitId } from "./raw-threat.ts";
import type { Section } from "./sections.ts";
import { isFieldLabel, isMitigationTitle } from "./vocabulary.ts";

/** A table of two columns read as labels and values, its header included. */
export function twoColumnLabels(section: Section): (readonly [string, string])[] {
  return section.blocks.flatMap((block) => {
    if (block.kind !== "table" || block.header.length !== 2) return [];
    return labelledRows([block.header, ...block.rows.map(({ cells }) => cells)]);
  });
}

/** Rows as labels and values; a row without a label goes on with the one before it. */
function labelledRows(rows: readonly (readonly string[])[]): (readonly [string, string])[] {
  const found: [string, string][] = [];
  for (const [first = "", value = ""] of rows) {
    const label = first.replace(/[*_:]/g, "").trim();
    const last = found.at(-1);
    if (label === "" && last !== undefined) last[1] = [last[1], value].filter((text) => text.trim() !== "").join("\n");
    else found.push([label, value]);
  }
  return found;
}

/** Whether a table of two columns tells the fields of one threat, a row each, instead of a threat in each row. */
export function tellsFields(table: {
  readonly header: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[] }[];
}): boolean {
  if (table.header.length !== 2) return false;
  const labels = labelledRows(table.rows.map(({ cells }) => cells)).filter(([label]) => label !== "");
  const fields = labels.filter(([label]) => isFieldLabel(label)).length;
  return fields >= 2 && fields * 2 > labels.length;
}

/** Tables of two columns whose first row names the threat: "Summary | the finding", then weakness, impact, mitigation. */
export function threatsInTwoColumns(section: Section): RawThreat[] {
  return section.blocks.flatMap((block): RawThreat[] => {
    if (block.kind !== "table" || block.header.length !== 2) return [];
    const [head = "", lead = ""] = block.header;
    const stated = /^\W*(id|threat id|number|#)\W*$/i.test(head) ? threatIn(block.rows) : undefined;
    const isHead = /^\W*(summary|threat|finding|title|issue|risk|attack|scenario|name)\W*$/i.test(head);
    const title = stated ?? lead;
    if ((stated === undefined && !isHead) || isPlaceholder(title)) return [];
    const fields = new Map<string, string>();
    for (const [label, value] of labelledRows(block.rows.map(({ cells }) => cells))) {
      const name = fieldOf(label);
      if (name !== undefined && value.trim() !== "" && !fields.has(name)) fields.set(name, value.trim());
    }
    if (fields.size === 0) return [];
    const split = stated === undefined ? splitId(title) : { id: lead, rest: title };
    return [
      {
        ...(split === undefined ? {} : { id: split.id }),
        title: split !== undefined && split.rest !== "" ? split.rest : title,
        stride: strideOf(fields.get("stride") ?? ""),
        ...picked(fields),
        line: block.line,
      },
    ];
  });
}

/** The row "Threat" of a table that begins with a number instead of a name. */
function threatIn(rows: readonly { readonly cells: readonly string[] }[]): string | undefined {
  return rows.find(({ cells }) => /^\W*threat\W*$/i.test(cells[0] ?? ""))?.cells[1];
}

const pickedFields = [
  "residual",
  "description",
  "element",
  "impact",
  "likelihood",
  "risk",
  "status",
  "mitigation",
  "test",
  "ticket",
] as const;

/** The stated fields of a threat, by name. */
export function picked(fields: ReadonlyMap<string, string>): Partial<Record<(typeof pickedFields)[number], string>> {
  return Object.fromEntries(pickedFields.flatMap((name) => (fields.has(name) ? [[name, fields.get(name)]] : [])));
}

/** The field of a threat that a label names; undefined for other labels. */
export function fieldOf(label: string): string | undefined {
  const name = label.toLowerCase();
  if (/^(?:threat|risk|finding) (?:id|identifier|ref|reference)$/.test(name)) return "id";
  if (/\bstatus$/.test(name)) return "status";
  if (/likelihood|probability/.test(name)) return "likelihood";
  if (/^(impact|consequences?|((possible|potential) )?outcomes?$)/.test(name)) return "impact";
  if (/^residual|restrisiko|riesgo residual|risque r[eé]siduel/.test(name)) return "residual";
  if (/severity|^(overall )?risk( level| rating| score)?$|priority|cvss/.test(name)) return "risk";
  if (/stride|^(threat )?categor|^(threat )?type$/.test(name)) return "stride";
  if (/^status|^state$/.test(name)) return "status";
  if (isMitigationTitle(name) || /^(recommendations?|justification)$/.test(name)) return "mitigation";
  if (/affected|^(asset|component|element|entity|target)s?\b/.test(name)) return "element";
  if (/^(tests?|validation|verification|regression test)/.test(name)) return "test";
  if (/^(issue|ticket|jira|tracking|story)/.test(name)) return "ticket";
  if (/description|^threat$|^attack|vector|scenario|weakness|summary|^overview$/.test(name)) return "description";
  return fieldInOtherLanguages(name);
}

const conceptFields = [
  ["likelihood", "likelihood"],
  ["impact", "impact"],
  ["mitigation", "mitigation"],
  ["status", "status"],
  ["element", "element"],
  ["description", "description"],
  ["threat", "description"],
] as const;

/** "Risk" in another language says now how high it is, now what may happen: as a description it does no harm. */
function fieldInOtherLanguages(name: string): string | undefined {
  const known = conceptFields.find(([concept]) => speaksOf(concept, name))?.[1];
  return known ?? (speaksOf("risk", name) ? "description" : undefined);
}

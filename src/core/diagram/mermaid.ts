import type { ThreatModel } from "../domain/threat-model.ts";
import { type Plan, type PlannedArrow, type PlannedNode, planOf, rowsOf, within, withoutLines } from "./plan.ts";
import { drawable, fewOf } from "./words.ts";

/** `full`: with data and protocols; `names`: names alone, so that they are read back as they were. */
type Labels = "full" | "names";

/**
 * The data flow diagram in Mermaid: processes rounded, stores as cylinders, external entities as rectangles, trust
 * boundaries as nested boxes, what crosses a boundary without a box in its colour.
 * Names stand in quotes with every sign that means something to Mermaid or HTML as its entity code.
 * https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaidOf(model: ThreatModel, labels: Labels = "full"): string {
  const plan = labels === "full" ? withoutLines(planOf(model)) : planOf(withoutOpenFlows(model));
  if (plan.nodes.length === 0 && plan.boxes.length === 0) return "";
  const lines = ["flowchart LR"];
  write(plan, undefined, 1, labels, lines);
  for (const arrow of plan.arrows) {
    const label = labelOf(arrow, labels);
    lines.push(`  ${arrow.from} -->${label === "" ? "" : `|"${label}"|`} ${arrow.to}`);
  }
  // Links that are not drawn. Left out where the text is read back: they say nothing of the system.
  if (labels === "full") for (const row of rowsOf(plan)) lines.push(`  ${row.map(({ key }) => key).join(" ~~~ ")}`);
  lines.push(
    "  classDef process fill:#eaf2fb,stroke:#33669a,color:#12283f",
    "  classDef store fill:#f3eefb,stroke:#6b4fa0,color:#2a1a4a",
    "  classDef external fill:#f6f6f6,stroke:#555,color:#222",
    "  classDef unknown fill:#fff,stroke:#999,color:#555,stroke-dasharray:3 3",
  );
  for (const { key } of plan.boxes)
    lines.push(`  style ${key} fill:none,stroke:#b3261e,color:#b3261e,stroke-dasharray:6 4`);
  const crossing = plan.arrows.flatMap(({ crossesLine }, at) => (crossesLine ? [at] : []));
  if (labels === "full" && crossing.length > 0) lines.push(`  linkStyle ${crossing.join(",")} stroke:#b3261e`);
  return `${lines.join("\n")}\n`;
}

/** A flow that leads to nothing is drawn to a symbol of our own, which would be read back as a part. */
function withoutOpenFlows(model: ThreatModel): ThreatModel {
  return { ...model, flows: model.flows.filter(({ from, to }) => from !== "" && to !== "") };
}

function write(plan: Plan, box: string | undefined, depth: number, labels: Labels, lines: string[]): void {
  const indent = "  ".repeat(depth);
  const { boxes, nodes } = within(plan, box);
  for (const { key, name } of boxes) {
    lines.push(`${indent}subgraph ${key}["${escaped(name)}"]`);
    write(plan, key, depth + 1, labels, lines);
    lines.push(`${indent}end`);
  }
  for (const node of nodes) lines.push(`${indent}${node.key}${shapeOf(node, labels)}:::${node.kind}`);
}

function shapeOf({ name, kind, data }: PlannedNode, labels: Labels): string {
  const shown = escaped(name);
  if (kind === "process") return `("${shown}")`;
  if (kind === "store" && labels === "names") return `[("${shown}")]`;
  if (kind === "store") return `[("${[shown, ...data.map((one) => `<small>${escaped(one)}</small>`)].join("<br/>")}")]`;
  return `["${shown}"]`;
}

function labelOf({ name, protocol, data }: PlannedArrow, labels: Labels): string {
  if (labels === "names") return escaped(name ?? "");
  return [name ?? "", fewOf(data), protocol ?? ""]
    .map(escaped)
    .filter((text) => text !== "")
    .join("<br/>");
}

/** Every sign but letters, digits and plain punctuation as its number. */
function escaped(text: string): string {
  return drawable(text).replace(/[^\p{L}\p{N}\p{M} ,.:/()+-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`);
}

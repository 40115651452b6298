import type { ThreatModel } from "../domain/threat-model.ts";
import { type Plan, type PlannedArrow, type PlannedNode, planOf, rowsOf, within, withoutLines } from "./plan.ts";
import { drawable, fewOf, wrapped } from "./words.ts";

/**
 * The data flow diagram in Graphviz DOT: processes as ellipses, stores between two lines, external entities as
 * rectangles, trust boundaries as nested dashed boxes, what crosses a boundary without a box in its colour. https://graphviz.org/doc/info/lang.html
 */
export function dotOf(model: ThreatModel): string {
  const plan = withoutLines(planOf(model));
  const lines = [
    "digraph {",
    '  graph [rankdir=LR, fontname="Helvetica", fontsize=11, nodesep=0.45, ranksep=0.9, pad=0.2, bgcolor="white"]',
    '  node [fontname="Helvetica", fontsize=12, margin="0.16,0.09", color="#33475b", fontcolor="#12283f", style=filled]',
    '  edge [fontname="Helvetica", fontsize=10, color="#33475b", fontcolor="#33475b", arrowsize=0.8]',
  ];
  if (hasOpposed(plan)) lines.push("  newrank=true");
  const title = drawable(plan.title);
  if (title !== "") lines.push(`  label=${quoted(title)}`, "  labelloc=t", "  labeljust=l");
  write(plan, undefined, 1, lines);
  for (const arrow of plan.arrows) {
    const label = labelOf(arrow);
    const attributes = [...(label === "" ? [] : [`label=${label}`]), ...(arrow.crossesLine ? ['color="#b3261e"'] : [])];
    lines.push(`  ${arrow.from} -> ${arrow.to}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`}`);
  }
  for (const row of rowsOf(plan)) lines.push(`  ${row.map(({ key }) => key).join(" -> ")} [style=invis, minlen=1]`);
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

/**
 * Whether two parts in different boxes have labelled arrows to each other. Ranked box by box, they may come to lie above
 * each other, where Graphviz puts both labels in one place; ranked all together, they lie side by side, at the price of a
 * wider drawing. https://graphviz.org/docs/attrs/newrank/
 */
function hasOpposed(plan: Plan): boolean {
  const boxOf = new Map(plan.nodes.map(({ key, box }) => [key, box]));
  const labelled = plan.arrows.filter(
    (arrow) => labelOf(arrow) !== "" && boxOf.get(arrow.from) !== boxOf.get(arrow.to),
  );
  const ways = new Set(labelled.map(({ from, to }) => `${from} ${to}`));
  return labelled.some(({ from, to }) => from !== to && ways.has(`${to} ${from}`));
}

function write(plan: Plan, box: string | undefined, depth: number, lines: string[]): void {
  const indent = "  ".repeat(depth);
  const { boxes, nodes } = within(plan, box);
  for (const { key, name } of boxes) {
    lines.push(
      `${indent}subgraph cluster_${key} {`,
      `${indent}  graph [label=${quoted(drawable(name))}, labeljust=l, style="dashed,rounded", color="#b3261e", fontcolor="#b3261e", margin=16]`,
    );
    write(plan, key, depth + 1, lines);
    // A box without anything in it is not drawn by Graphviz.
    if (isEmpty(plan, key)) lines.push(`${indent}  empty_${key} [shape=point, style=invis]`);
    lines.push(`${indent}}`);
  }
  for (const node of nodes) lines.push(`${indent}${node.key} [${attributesOf(node)}]`);
}

function isEmpty(plan: Plan, key: string): boolean {
  const { boxes, nodes } = within(plan, key);
  return boxes.length + nodes.length === 0;
}

function attributesOf({ name, kind, data }: PlannedNode): string {
  const lines = wrapped(drawable(name), 20);
  if (kind === "store") return `shape=plain, style="", label=<${storeTable(lines, data)}>`;
  const label = `label=${quotedLines(lines)}`;
  if (kind === "process") return `shape=ellipse, fillcolor="#eaf2fb", ${label}`;
  if (kind === "external") return `shape=box, fillcolor="#f4f4f4", ${label}`;
  return `shape=box, style="dashed", color="#888888", fontcolor="#666666", ${label}`;
}

/** A store as two parallel lines with its name between them, and the data it holds below the name. */
function storeTable(lines: readonly string[], data: readonly string[]): string {
  const name = lines.map(html).join("<BR/>");
  const shown = data.slice(0, 6).flatMap((one) => wrapped(drawable(one), 28));
  const more = data.length > 6 ? [`and ${data.length - 6} more`] : [];
  const held = [...shown, ...more].map((line) => html(line)).join("<BR/>");
  const rows = [
    `<TR><TD>${name}</TD></TR>`,
    ...(held === "" ? [] : [`<TR><TD><FONT POINT-SIZE="10" COLOR="#4b3b73">${held}</FONT></TD></TR>`]),
  ].join("");
  return `<TABLE BORDER="1" SIDES="TB" CELLBORDER="0" CELLSPACING="0" CELLPADDING="5" COLOR="#6b4fa0" BGCOLOR="#f3eefb">${rows}</TABLE>`;
}

/** On white, so that neither the line of a boundary nor another arrow runs through it. */
function labelOf({ name, protocol, data }: PlannedArrow): string {
  const parts = [name ?? "", fewOf(data), protocol ?? ""].map(drawable).filter((text) => text !== "");
  const lines = parts.flatMap((text) => wrapped(text, 26));
  if (lines.length === 0) return "";
  const text = lines.map(html).join("<BR/>");
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2" BGCOLOR="white"><TR><TD>${text}</TD></TR></TABLE>>`;
}

/** A quoted string of the language: backslashes and quotes are escaped, and `&` so that no entity is made of it. */
function quoted(text: string): string {
  return `"${inQuotes(text)}"`;
}

function quotedLines(lines: readonly string[]): string {
  return `"${lines.map(inQuotes).join("\\n")}"`;
}

function inQuotes(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

import type { Drawing } from "../sketch.ts";
import { readC4 } from "./mermaid-c4.ts";
import { readFlowchart } from "./mermaid-flowchart.ts";
import { readSequence } from "./mermaid-sequence.ts";

const lineLimit = 4_000;

/**
 * Reads flowcharts, graphs, sequence diagrams and C4 diagrams, tolerantly: a line that is not understood is passed over.
 * Undefined for other kinds (Gantt, pie …), which draw no system. Syntax: https://mermaid.js.org/syntax/flowchart.html
 */
export function readMermaid(text: string): Drawing | undefined {
  const lines = text.split("\n", lineLimit).map((line) => line.slice(0, 2_000));
  const head = lines.find((line) => line.trim() !== "" && !/^\s*(%%|---|title:|config:)/.test(line))?.trim() ?? "";
  if (/^(flowchart|graph)\b/i.test(head)) return readFlowchart(lines);
  if (/^sequenceDiagram\b/i.test(head)) return readSequence(lines);
  if (/^C4(Context|Container|Component|Deployment|Dynamic)\b/i.test(head)) return readC4(lines);
  return undefined;
}

import type { ElementKind } from "../../domain/stride.ts";
import { type Drawing, Sketch } from "../sketch.ts";
import { clean } from "./mermaid-label.ts";

/** Reads C4 diagrams: people, systems, containers, boundaries, relations. https://mermaid.js.org/syntax/c4.html */
export function readC4(lines: readonly string[]): Drawing {
  const sketch = new Sketch();
  const open: string[] = [];
  for (const [index, raw] of lines.entries()) {
    const call = /^\s*(\w{1,40})\s*\(/.exec(raw);
    if (call === null) {
      if (/^\s*\}/.test(raw)) open.pop();
      continue;
    }
    const macro = (call[1] ?? "").toLowerCase();
    const [first = "", second = "", third = ""] = argumentsOf(raw.slice(call[0].length));
    if (first === "") continue;
    if (/boundary$|^deployment_node|^node(_[lr])?$/.test(macro)) {
      sketch.boundary(first, clean(second === "" ? first : second), open.at(-1), index);
      if (raw.trimEnd().endsWith("{")) open.push(first);
    } else if (/^(bi)?rel(_|$)|^relindex$/.test(macro)) addRelation(macro, [first, second, third], raw, index, sketch);
    else if (/^(person|system|container|component)/.test(macro))
      sketch.node(first, index, {
        name: clean(second === "" ? first : second),
        kind: kindOf(macro),
        boundary: open.at(-1),
      });
  }
  return sketch.drawing();
}

function kindOf(macro: string): ElementKind {
  if (/(db|queue)(_ext)?$/.test(macro)) return "store";
  return /^person|_ext$/.test(macro) ? "external" : "process";
}

function addRelation(macro: string, parts: readonly string[], raw: string, index: number, sketch: Sketch): void {
  // `RelIndex(1, a, b, "label")` counts its relations first.
  const [from = "", to = "", label = ""] =
    macro === "relindex" ? argumentsOf(raw.slice(raw.indexOf("(") + 1)).slice(1) : parts;
  if (from === "" || to === "") return;
  const shown = label === "" ? undefined : clean(label);
  const [source, target] = macro === "rel_back" ? [to, from] : [from, to];
  sketch.flow(source, target, shown, index);
  if (macro.startsWith("birel")) sketch.flow(target, source, shown, index);
}

/** The arguments of a call, quotes off; named ones (`$tags="…"`) are passed over. */
function argumentsOf(text: string): string[] {
  const found: string[] = [];
  const part = /\s*(?:"([^"]{0,500})"|([^,()"]{1,200}))\s*(,|\))/y;
  for (let step = 0; step < 10; step++) {
    const match = part.exec(text);
    if (match === null) break;
    const value = (match[1] ?? match[2] ?? "").trim();
    if (!value.startsWith("$")) found.push(value);
    if (match[3] === ")") break;
  }
  return found;
}

import { type Drawing, Sketch } from "../sketch.ts";
import { clean } from "./mermaid-label.ts";

/** Reads `sequenceDiagram`. https://mermaid.js.org/syntax/sequenceDiagram.html */
export function readSequence(lines: readonly string[]): Drawing {
  const sketch = new Sketch();
  let box: string | undefined;
  const blocks: boolean[] = [];
  const drawn = new Set<string>();
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    const participant = /^(participant|actor|create participant|create actor)\s+([^\s]+)(?:\s+as\s+(.*))?$/i.exec(line);
    const boxed = /^box\s+(?:(?:rgba?\([^)]*\)|transparent|#?\w+)\s+)?(.+)$/i.exec(line);
    const message =
      /^([\p{L}\p{N}_ .-]{1,80}?)\s*(?:<<)?(?:-->>|->>|-->|->|--x|-x|--\)|-\))\s*[+-]?\s*([\p{L}\p{N}_ .-]{1,80}?)\s*:\s*(.*)$/u.exec(
        line,
      );
    if (participant !== null) {
      const kind = /actor/i.test(participant[1] ?? "") ? "external" : undefined;
      sketch.node(participant[2] ?? "", index, {
        ...(participant[3] === undefined ? {} : { name: clean(participant[3]) }),
        kind,
        boundary: box,
      });
    } else if (boxed !== null) {
      box = clean(boxed[1] ?? "");
      sketch.boundary(box, box, undefined, index);
      blocks.push(true);
    } else if (/^(loop|alt|opt|par|critical|break|rect)\b/i.test(line)) blocks.push(false);
    else if (/^end\b/i.test(line)) {
      if (blocks.pop() === true) box = undefined;
    } else if (message !== null && !/^note\b/i.test(line)) {
      const from = (message[1] ?? "").trim();
      const to = (message[2] ?? "").trim();
      sketch.node(from, index);
      sketch.node(to, index);
      if (!drawn.has(`${from}\u0000${to}`)) sketch.flow(from, to, clean(message[3] ?? ""), index);
      drawn.add(`${from}\u0000${to}`);
    }
  }
  return sketch.drawing();
}

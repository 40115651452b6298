import type { Block, Cell, Inline, Line, ShownDocument } from "../domain/document.ts";
import { plainLine } from "./markdown.ts";

/** How a document looks: system fonts, both colour schemes on a screen, black on white on paper. */
export const documentStyle = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --ground: #ffffff; --head: #f6f8fa;
  --good: #116329; --warn: #7d4e00; --bad: #b3131f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9ea7b3; --line: #3d444d; --ground: #0d1117; --head: #151b23;
  --good: #4ac26b; --warn: #e3a13a; --bad: #ff7b72; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 84rem; background: var(--ground); color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.015em; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
p, li { max-width: 60rem; } p { margin: .4rem 0 .8rem; } ul { padding-left: 1.2rem; } li { margin-bottom: .3rem; }
code { font: .88em ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9em; margin: .4rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border: 1px solid var(--line); overflow-wrap: break-word; }
th, thead td { background: var(--head); font-weight: 600; }
td div + div { margin-top: .2rem; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.good, .warn, .bad, .none { font-weight: 600; }
.soft, .none { color: var(--soft); }
@media screen and (max-width: 52rem) { body { padding: 1.2rem 1rem 3rem; } .wide { min-width: 52rem; } }
@media print {
  :root { --ink: #000; --soft: #444; --line: #999; --ground: #fff; --head: #eee; --good: #0b4a1e; --warn: #5c3a00; --bad: #8c0f18; }
  @page { size: A4 landscape; margin: 12mm; }
  body { max-width: none; padding: 0; font-size: 9pt; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr, li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;

/**
 * A document as one HTML file: no script, no address, nothing loaded; what others wrote is text in it (H098). Its own
 * content-security policy allows the one style sheet and nothing else, wherever the file is opened.
 * @param styleDigest base64 of the SHA-256 of `documentStyle`, for that policy.
 */
export function documentHtml({ title, subtitle, blocks }: ShownDocument, styleDigest: string): string {
  const seen = new Map<string, number>();
  const policy = `default-src 'none'; style-src 'sha256-${styleDigest}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${documentStyle}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p class="soft">${lineOf(subtitle)}</p>
</header>
<main>
${blocks.map((block) => blockOf(block, seen)).join("\n")}
</main>
</body>
</html>
`;
}

/** @param seen how often a table of the same name came before. */
function blockOf(block: Block, seen: Map<string, number>): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${lineOf(block.line)}</h${block.level}>`;
    case "paragraph":
      return `<p>${lineOf(block.line)}</p>`;
    case "list":
      return `<ul>\n${block.items.map((item) => `<li>${lineOf(item)}</li>`).join("\n")}\n</ul>`;
    case "table":
      return tableOf(block, seen);
  }
}

function tableOf({ head, rows, widths }: Extract<Block, { kind: "table" }>, seen: Map<string, number>): string {
  const columns = widths ? `<colgroup>${widths.map((width) => `<col width="${width}%">`).join("")}</colgroup>` : "";
  const names = head.map((name) => (name === "" ? "<td></td>" : `<th scope="col">${escaped(name)}</th>`)).join("");
  // A head without a word says nothing to anybody.
  const top = head.every((name) => name === "") ? "" : `<thead><tr>${names}</tr></thead>`;
  const size = head.length > 3 ? ' class="wide"' : "";
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cellOf(cell)}</td>`).join("")}</tr>`).join("\n");
  const says = head.filter((name) => name !== "").join(", ");
  const turn = (seen.get(says) ?? 0) + 1;
  seen.set(says, turn);
  // Whoever goes from region to region by ear can tell them apart only by their names.
  const label = says === "" || turn === 1 ? says : `${says} (${turn})`;
  const region = label === "" ? "" : ` role="region" tabindex="0" aria-label="${escaped(label)}"`;
  return `<div class="scroll"${region}><table${size}>${columns}${top}<tbody>\n${body}\n</tbody></table></div>`;
}

function cellOf(cell: Cell): string {
  const lines = cell.filter((line) => line.length > 0);
  return lines.length === 1 ? lineOf(lines[0] ?? []) : lines.map((line) => `<div>${lineOf(line)}</div>`).join("");
}

function lineOf(line: Line): string {
  return line.map(pieceOf).join("");
}

function pieceOf(piece: Inline): string {
  if (typeof piece === "string") return escaped(piece);
  if ("code" in piece) return `<code>${escaped(piece.code)}</code>`;
  if ("strong" in piece) return `<strong>${escaped(piece.strong)}</strong>`;
  if ("tone" in piece) return `<span class="${piece.tone}">${escaped(piece.says)}</span>`;
  return `<span class="soft">${escaped(piece.soft)}</span>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A value as text on one line: cut where it fills a page, and what cannot be seen shown (H049, H053, H054). */
function escaped(value: string): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(value) ?? [];
  const shown = `${before === "" ? "" : " "}${plainLine(inner, longest)}${after === "" || inner === "" ? "" : " "}`;
  return shown.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

const longest = 2_000;

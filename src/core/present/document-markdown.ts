import type { Block, Cell, Inline, Line, ShownDocument } from "../domain/document.ts";
import { clip, code, join, type Markdown, md, ownWords, text } from "./markdown.ts";

/** A document as Markdown in which every value is inert, wherever it is shown (H047–H052). */
export function documentMarkdown({ title, subtitle, blocks }: ShownDocument): string {
  const parts = [md`# ${text(title)}`, lineOf(subtitle), ...blocks.map(blockOf)];
  return `${join(parts, md`\n\n`).markdown}\n`;
}

/** A value longer than this is cut: it fills a page, and the file it came from has it whole. */
const longest = 2_000;

function blockOf(block: Block): Markdown {
  switch (block.kind) {
    case "heading":
      return md`${ownWords("#".repeat(block.level))} ${lineOf(block.line)}`;
    case "paragraph":
      return lineOf(block.line);
    case "list":
      return join(
        block.items.map((item) => md`- ${lineOf(item)}`),
        md`\n`,
      );
    case "table":
      return join(
        [
          rowOf(block.head.map((name) => [[name]])),
          ownWords(`|${" --- |".repeat(block.head.length)}`),
          ...block.rows.map(rowOf),
        ],
        md`\n`,
      );
  }
}

function rowOf(cells: readonly Cell[]): Markdown {
  return md`| ${join(cells.map(cellOf), md` | `)} |`;
}

function cellOf(cell: Cell): Markdown {
  return join(cell.filter((line) => line.length > 0).map(lineOf), md`<br>`);
}

function lineOf(line: Line): Markdown {
  return join(line.map(pieceOf), md``);
}

function pieceOf(piece: Inline): Markdown {
  if (typeof piece === "string") return plain(piece);
  if ("code" in piece) return code(piece.code, longest);
  if ("strong" in piece) return md`**${text(piece.strong, longest)}**`;
  if ("tone" in piece)
    return piece.tone === "bad" || piece.tone === "warn"
      ? md`**${text(piece.says, longest)}**`
      : text(piece.says, longest);
  return plain(piece.soft);
}

/** A piece of a line keeps the blanks at its ends, which hold it apart from its neighbours. */
function plain(value: string): Markdown {
  const [, before = "", inner = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(clip(value, longest)) ?? [];
  if (inner === "") return ownWords(before === "" ? "" : " ");
  return md`${ownWords(before === "" ? "" : " ")}${text(inner, longest)}${ownWords(after === "" ? "" : " ")}`;
}

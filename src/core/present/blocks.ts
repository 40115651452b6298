import { clip, htmlLine, join, type Markdown, md, ownWords, plainLines } from "./markdown.ts";

/** GitHub's limits, in characters, but counted here in bytes of UTF-8, which are never fewer. */
export const limits = {
  /** Summary and text of a check run, each. https://docs.github.com/rest/checks/runs#create-a-check-run */
  checkText: 65_535,
  checkTitle: 255,
  annotationTitle: 255,
  /** 64 KB. */
  annotationMessage: 65_536,
  /** GitHub's own is 65,536; the rest is room for what GitHub adds. */
  comment: 60_000,
  issueTitle: 256,
  lineComments: 10,
} as const;

/** Blocks with an empty line between them; empty ones are passed over. */
export function blocks(pieces: readonly (Markdown | undefined)[]): Markdown {
  return join(
    pieces.filter((piece) => piece !== undefined).filter((piece) => piece.markdown !== ""),
    md`\n\n`,
  );
}

/** A table; at most `most` rows, and a line that says how many more there are. */
export function table(head: readonly Markdown[], rows: readonly (readonly Markdown[])[], most = 30): Markdown {
  const line = (cells: readonly Markdown[]) => md`| ${join(cells, md` | `)} |`;
  const rule = md`|${join(
    head.map(() => md`---`),
    md`|`,
  )}|`;
  const drawn = join([line(head), rule, ...rows.slice(0, most).map(line)], md`\n`);
  return rows.length > most ? md`${drawn}\n\n…and ${rows.length - most} more.` : drawn;
}

/** A list with numbers or marks; at most `most` entries, and how many more there are. */
export function entries(items: readonly Markdown[], kind: "numbers" | "marks", most = 30): Markdown {
  const shown = items
    .slice(0, most)
    .map((item, index) => (kind === "numbers" ? md`${index + 1}. ${item}` : md`- ${item}`));
  if (items.length > most) shown.push(md`- …and ${items.length - most} more.`);
  return join(shown, md`\n`);
}

/** Something folded away under a title of one line, in which backticks make code. */
export function fold(title: string, body: Markdown): Markdown {
  return md`<details><summary>${htmlLine(title)}</summary>\n\n${body}\n\n</details>`;
}

/** Code between fences that it cannot close; at most `most` lines. */
export function fence(language: string, content: string, most = 400): Markdown {
  const lines = plainLines(content).trimEnd().split("\n");
  const shown = lines.slice(0, most).map((line) => clip(line, 1_000));
  if (lines.length > most) shown.push(`# …and ${lines.length - most} lines more`);
  const longest = Math.max(2, ...[...shown.join("\n").matchAll(/`+/g)].map((run) => run[0].length));
  const marks = "`".repeat(longest + 1);
  return ownWords(`${marks}${language.replace(/[^A-Za-z0-9+-]/g, "")}\n${shown.join("\n")}\n${marks}`);
}

/**
 * The text itself where it fits into `most` bytes. Otherwise its first lines, with what was open (a fence, a fold) closed
 * and the number of lines left out (H045).
 */
export function cut(whole: Markdown, most: number): string {
  if (bytes(whole.markdown) <= most) return whole.markdown;
  const lines = whole.markdown.split("\n");
  const kept: string[] = [];
  const open = new OpenBlocks();
  let room = most - bytes(leftOut(lines.length));
  for (const line of lines) {
    const after = open.after(line);
    if (room - bytes(line) - 1 - bytes(after.closing()) < 0) break;
    room -= bytes(line) + 1;
    open.take(after);
    kept.push(line);
  }
  return `${kept.join("\n")}${open.closing()}${leftOut(lines.length - kept.length)}`;
}

function leftOut(lines: number): string {
  return `\n\n${lines} lines were left out: more does not fit here. \`threatgate check --format markdown\` prints all of it.`;
}

/** Which fence and how many folds are open after the lines so far. */
class OpenBlocks {
  #fence = "";
  #folds = 0;

  after(line: string): OpenBlocks {
    const next = new OpenBlocks();
    next.take(this);
    const marks = /^(`{3,})/.exec(line)?.[1];
    if (this.#fence !== "") {
      if (marks !== undefined && line === marks && marks.length >= this.#fence.length) next.#fence = "";
    } else if (marks !== undefined) {
      next.#fence = marks;
    } else if (line.startsWith("<details>")) {
      next.#folds += 1;
    } else if (line === "</details>") {
      next.#folds -= 1;
    }
    return next;
  }

  take(other: OpenBlocks): void {
    this.#fence = other.#fence;
    this.#folds = other.#folds;
  }

  closing(): string {
    return `${this.#fence === "" ? "" : `\n${this.#fence}`}${"\n\n</details>".repeat(this.#folds)}`;
  }
}

function bytes(value: string): number {
  return new TextEncoder().encode(value).length;
}

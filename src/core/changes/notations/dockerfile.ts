/*
 * Instructions of a Dockerfile with their lines: continuation lines joined, comments dropped, here-documents kept as part of their
 * instruction. https://docs.docker.com/reference/dockerfile/
 */

export interface Instruction {
  /** Upper-case keyword. */
  readonly keyword: string;
  /** Everything after it, on one line. */
  readonly text: string;
  /** Line of the keyword, from 1. */
  readonly line: number;
}

/** At most so many instructions are read; no image has more. */
const mostInstructions = 5_000;

export function readInstructions(text: string): readonly Instruction[] | undefined {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  const continuation = /^#\s*escape\s*=\s*`/im.test(lines.slice(0, 3).join("\n")) ? "`" : "\\";
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    const first = (lines[index] ?? "").trim();
    if (first === "" || first.startsWith("#")) continue;
    const parts: string[] = [];
    let content = first;
    for (;;) {
      const carriesOn = content.endsWith(continuation);
      parts.push(carriesOn ? content.slice(0, -1).trimEnd() : content);
      if (!carriesOn) break;
      // Comments and empty lines do not end a continued instruction.
      do index++;
      while (index < lines.length && /^\s*(#|$)/.test(lines[index] ?? ""));
      if (index >= lines.length) break;
      content = (lines[index] ?? "").trim();
    }
    const joined = parts.join(" ");
    const keyword = /^[A-Za-z]+/.exec(joined)?.[0];
    if (keyword === undefined) continue;
    const marks = [...joined.slice(0, 2000).matchAll(/<<-?\s*["']?([A-Za-z_]\w*)["']?/g)].map(
      (found) => found[1] ?? "",
    );
    const documents: string[] = [];
    if (/^(RUN|COPY|ADD)$/i.test(keyword)) {
      for (const mark of marks) {
        while (++index < lines.length && (lines[index] ?? "").trim() !== mark)
          documents.push((lines[index] ?? "").trim());
      }
    }
    if (instructions.length >= mostInstructions) return undefined;
    const body = joined.slice(keyword.length).trim();
    instructions.push({
      keyword: keyword.toUpperCase(),
      text: [body, ...documents].join(documents.length > 0 ? " ; " : ""),
      line,
    });
  }
  return instructions;
}

import type { FileText } from "../domain/snapshot.ts";
import type { ThreatModel } from "../domain/threat-model.ts";

/** What README and CODEOWNERS say of the system as a whole. */
export function withContext(model: ThreatModel, texts: readonly FileText[]): ThreatModel {
  const readme = texts.find(({ path }) => /^readme(\.md)?$/i.test(path));
  const description = readme && firstParagraph(readme.text);
  const owners = texts.find(({ path }) => /CODEOWNERS$/i.test(path));
  const owner = owners && defaultOwner(owners.text);
  return {
    ...model,
    system: {
      ...model.system,
      ...(readme && description
        ? { description: { text: description.text, place: { path: readme.path, line: description.line } } }
        : {}),
      ...(owners && owner ? { owner: { text: owner.text, place: { path: owners.path, line: owner.line } } } : {}),
    },
  };
}

interface Found {
  readonly text: string;
  readonly line: number;
}

/** The first paragraph of prose: no heading, badge, list, table, quote or markup. */
function firstParagraph(text: string): Found | undefined {
  const lines = text.slice(0, 20_000).split("\n");
  for (let at = 0; at < lines.length; at++) {
    // Under later headings a README tells how to install and to contribute.
    if (
      lines[at]?.startsWith("##") === true &&
      !/about|overview|introduction|what|description|purpose/i.test(lines[at] ?? "")
    )
      return undefined;
    const paragraph: string[] = [];
    for (let next = at; next < lines.length && (lines[next] ?? "").trim() !== ""; next++)
      paragraph.push((lines[next] ?? "").trim());
    if (paragraph.length === 0) continue;
    const joined = paragraph
      .join(" ")
      .replace(/!\[[^\]]{0,200}\]\([^)]{0,500}\)/g, "")
      .replace(/\[([^\][]{0,300})\]\([^)]{0,500}\)/g, "$1")
      .replace(/[*_`]+/g, "")
      .replace(/\s+/g, " ")
      .trim();
    const isProse =
      !/^([#>|<\-+=~[]|\d+\.|!\[|```)/.test(paragraph[0] ?? "") &&
      joined.split(" ").length >= 8 &&
      /[.!]$/.test(joined);
    if (isProse) return { text: joined.slice(0, 600), line: at + 1 };
    at += paragraph.length;
  }
  return undefined;
}

/** Who owns everything, by the last line with the pattern `*`. https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
function defaultOwner(text: string): Found | undefined {
  let found: Found | undefined;
  for (const [index, line] of text.slice(0, 100_000).split("\n").entries()) {
    const owners = /^\*\s+(@?[\w./@+-]{1,100})/.exec(line)?.[1];
    if (owners !== undefined) found = { text: owners, line: index + 1 };
  }
  return found;
}

import type { ModelDocumentation, Stated } from "../../domain/threat-model.ts";
import { isPlaceholder } from "../../text/placeholders.ts";
import { readForeignYaml } from "../../text/yaml.ts";
import { speaksOf } from "./languages.ts";
import type { Root } from "./nodes.ts";
import { allEntries, allSections, type Section } from "./sections.ts";

/** An author column that says how a revision came about instead of by whom. */
const saysWhatWasDone =
  /^\W{0,3}(?:auto(?:matically)?[- ])?(?:generated|updated|created|revised|initial|draft)\W{0,3}$/i;

type Fact = "owner" | "author" | "date" | "version" | "reviewer";

const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
/** Months as Spanish, Portuguese, French, German and Italian write them; "3 de mayo de 2025", "1er août 2025". */
const foreignMonth =
  "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|januar|februar|märz|april|juni|juli|oktober|dezember|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)";
const dateForms = new RegExp(
  `\\b(?:20\\d\\d-[01]\\d(?:-[0-3]\\d)?|20\\d\\d[- ]?Q[1-4]|Q[1-4][- ]20\\d\\d|20\\d\\d/[01]?\\d/[0-3]?\\d|[0-3]?\\d[/.][0-3]?\\d[/.]20\\d\\d|(?:[0-3]?\\d(?:st|nd|rd|th)?\\s+)?${month}\\.?(?:\\s+[0-3]?\\d(?:st|nd|rd|th)?,?)?\\s+20\\d\\d|(?:[0-3]?\\d(?:er|\\.|º)?\\s+(?:de\\s+)?)?${foreignMonth}\\s+(?:de\\s+|del\\s+)?20\\d\\d|20\\d\\d年\\s?[01]?\\d月(?:\\s?[0-3]?\\d日)?)(?!\\d)`,
  "i",
);

/**
 * Who wrote the document, when, in which version, who reviewed it: from front matter, labels, metadata tables and a date
 * standing alone near the top. Template words are no facts.
 */
export function documentFactsIn(root: Root, top: Section, path: string): ModelDocumentation {
  const found = new Map<Fact, Stated[]>();
  const add = (fact: Fact, text: string, line: number): void => {
    const value = text.replace(/\s+/g, " ").trim().slice(0, 300);
    if (value === "" || isPlaceholder(value) || /^[@_\s]*$/.test(value)) return;
    if (fact === "date" && !dateForms.test(value)) return;
    if (fact === "author" && saysWhatWasDone.test(value)) return;
    found.set(fact, [
      ...(found.get(fact) ?? []),
      { text: fact === "date" ? (dateForms.exec(value)?.[0] ?? value) : value, place: { path, line } },
    ]);
  };
  frontMatter(root, add);
  const foot = (root.position?.end.line ?? 0) - footLines;
  const isFoot = (line: number): boolean => line > 25 && line >= foot;
  for (const section of allSections(top)) {
    const titled =
      section.level === 1
        ? (/\bv(?:ersion )?(\d{1,3}(?:\.\d{1,4}){1,3})\b/i.exec(section.title)?.[1] ??
          /\(v(?:ersion )?(\d{1,3})\)\s*$/i.exec(section.title)?.[1])
        : undefined;
    if (titled !== undefined) add("version", titled, section.line);
    const dated = section.level === 1 ? datedTitle(section.title) : undefined;
    if (dated !== undefined) add("date", dated, section.line);
    for (const entry of allEntries(section)) {
      const text = [entry.text, ...(entry.text === "" ? entry.entries.map((nested) => nested.text) : [])].join(", ");
      if (entry.label !== undefined) {
        for (const fact of factsOfLabel(entry.label, section, isFoot(entry.line))) add(fact, text, entry.line);
        if (/^(authors?|editors?)$/i.test(entry.label)) add("date", text, entry.line);
        // Deeper in a text an auditor is somebody who uses the system.
        if (entry.line <= 25 && /^(?:(?:auditor|assessor)s?|(?:audited|assessed) by)$/i.test(entry.label))
          add("author", text, entry.line);
        const version = /^(document )?status$/i.test(entry.label)
          ? /^\W{0,3}(v\d+(?:\.\d+){0,3})\b/i.exec(text)?.[1]
          : undefined;
        if (version !== undefined && entry.line <= 25) add("version", version, entry.line);
        if (factsOfKey(entry.label).length === 0)
          lineFacts(`${entry.label}: ${text}`, entry.line, isFoot(entry.line), add);
      } else lineFacts(text, entry.line, isFoot(entry.line), add);
    }
    for (const block of section.blocks) {
      if (block.kind !== "table") continue;
      const rows = [{ cells: block.header, line: block.line }, ...block.rows];
      if (block.header.length === 2)
        for (const { cells, line } of rows)
          for (const fact of factsOfLabel(cells[0] ?? "", section, isFoot(line))) add(fact, cells[1] ?? "", line);
      else historyTable(block, add);
    }
  }
  const owner = found.get("owner")?.[0];
  const date = found.get("date")?.at(-1);
  const version = found.get("version")?.[0];
  return {
    ...(owner === undefined ? {} : { owner }),
    authors: found.get("author") ?? [],
    ...(date === undefined ? {} : { date }),
    ...(version === undefined ? {} : { version }),
    reviewers: found.get("reviewer") ?? [],
  };
}

/** "Model of the ferry (2025-03-04)": the day that ends the title of a document. */
function datedTitle(title: string): string | undefined {
  const date = dateForms.exec(title);
  const after = date === null ? "" : title.slice(date.index + date[0].length);
  return /^\W*$/.test(after) ? date?.[0] : undefined;
}

function frontMatter(root: Root, add: (fact: Fact, text: string, line: number) => void): void {
  const [first] = root.children;
  if (first?.type !== "yaml") return;
  const read = readForeignYaml(first.value);
  if (!("documents" in read)) return;
  const document = read.documents[0];
  const value = document?.value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [key, stated] of Object.entries(value)) {
    const text = Array.isArray(stated)
      ? stated.flatMap(nameIn).join(", ")
      : typeof stated === "object"
        ? ""
        : String(stated);
    for (const fact of factsOfKey(key.replaceAll(/[_-]/g, " "))) add(fact, text, (document?.lineOf([key]) ?? 1) + 1);
  }
}

/** An author is a name, or a map with one beside an address: `- name: A. Writer`. */
function nameIn(stated: unknown): string[] {
  if (typeof stated !== "object" || stated === null) return [String(stated)];
  const name = Object.entries(stated).find(([key]) => key === "name")?.[1];
  return typeof name === "string" ? [name] : [];
}

/** So many lines before its end a document signs itself: "Created by …", "Version 1.2", "Last updated: …". */
const footLines = 6;

function factsOfLabel(label: string, section: Section, isFoot: boolean): Fact[] {
  const words = label
    .replace(/[*_`]/g, "")
    .replace(/[:\s]+$/, "")
    .trim();
  // "Version" deep in a text is a product's; in the document's head, or beside other metadata, it is its own.
  const isHead =
    isFoot ||
    section.level <= 1 ||
    section.line < 60 ||
    /metadata|document|information|status|history/i.test(section.title);
  const isAnywhere =
    /^(last|document) (updated|modified|reviewed|review|version)$|^(report|document|model) generated( on| at)?$|^owners?(\(s\))? and\/or maintainer/i.test(
      words,
    );
  return factsOfKey(words).filter((fact) => isHead || isAnywhere || fact === "reviewer" || fact === "author");
}

function factsOfKey(key: string): Fact[] {
  const facts: Fact[] = [];
  if (
    /^(document |model |system |product |service )?owners?(\(s\))?( and\/or maintainer.*)?$|^(project |product |team )?(security |technical )?(lead|contact|champion)s?(\(s\))?$|^maintainers?$|^(?:maintained|owned) by$|^owners?\(s\)|^responsible|^team$/i.test(
      key,
    )
  )
    facts.push("owner");
  if (speaksOf("author", key)) facts.push("author");
  else if (
    /^(?:(?:primary|lead|main|original|document|co)[- ]?)?(authors?|authored by|editors?|contributors?|written by|prepared by|created by|maintainers?|autor(es)?)(\(s\))?(?:$| ?[/&(,]| and\b| names?$)/i.test(
      key,
    )
  )
    facts.push("author");
  if (/reviewers?\b|^reviewed by|^approved by|^approver|^revisor/i.test(key)) facts.push("reviewer");
  if (
    /^(date|last (updated|modified|reviewed|changed|review|update)|updated( on| at)?|((report|document|model) )?generated( on| at)?|created( on| at)?|published|modified|review date|data|effective date|assessment date|as of)$/i.test(
      key,
    )
  )
    facts.push("date");
  else if (speaksOf("date", key)) facts.push("date");
  if (/^((document|model) )?version( number)?$|^revision$|^versão$/i.test(key)) facts.push("version");
  return facts;
}

/** A line near the top that is a date, or says who made the document and when. */
function lineFacts(
  text: string,
  line: number,
  isFoot: boolean,
  add: (fact: Fact, text: string, line: number) => void,
): void {
  const updated = /\b(?:last (?:updated|modified|reviewed|(?:substantive )?revision|revised)|document version)\b/i.test(
    text.slice(0, 60),
  );
  if (line > 25 && !updated && !isFoot) return;
  const version = isFoot ? /\bversion:?\s+v?(\d{1,3}(?:\.\d{1,4}){0,3})\b/i.exec(text)?.[1] : undefined;
  if (version !== undefined) add("version", version, line);
  const date = dateForms.exec(text)?.[0];
  if (date !== undefined && text.length - date.length <= 20) add("date", date, line);
  const dated =
    /\b(?:last (?:updated|modified|reviewed|(?:substantive )?revision|revised)|generated|published|as of|dated?|(?:created|written|completed|conducted|performed) (?:on|in))\b/i.test(
      text,
    );
  if (date !== undefined && dated) add("date", date, line);
  const signs = isFoot && /^\W{0,4}(?:created|written|prepared|authored|maintained)\b/i.test(text);
  const isOwn = line <= 10 || signs || /\b(document|assessment|threat model|report|review)\b/i.test(text);
  const by =
    /\b(?:written|created|prepared|conducted|authored|performed|completed|made)\b[^.]{0,80}?\bby\s+([^.]{3,200})/i.exec(
      text,
    )?.[1];
  const owner = /\bdocument (?:is )?(?:owned|maintained) by (?:the )?([^.,;]{2,80})/i.exec(text)?.[1];
  if (owner !== undefined) add("owner", owner, line);
  if (by !== undefined && isOwn) {
    add("author", by, line);
    if (date !== undefined) add("date", date, line);
  }
}

/** A change history: its last dated row gives the date, its author column the authors. */
function historyTable(
  table: {
    readonly header: readonly string[];
    readonly rows: readonly { readonly cells: readonly string[]; readonly line: number }[];
  },
  add: (fact: Fact, text: string, line: number) => void,
): void {
  const column = (pattern: RegExp): number => table.header.findIndex((cell) => pattern.test(cell.trim()));
  const date = column(/^(date|datum|data)$/i);
  const version = column(/^(version|rev(ision)?)$/i);
  if (date === -1 || (version === -1 && column(/^(change|description|author|editor)s?/i) === -1)) return;
  const author = column(/^(author|editor|who|by)s?$/i);
  for (const { cells, line } of table.rows) {
    add("date", cells[date] ?? "", line);
    if (author !== -1) add("author", cells[author] ?? "", line);
    if (version !== -1) add("version", cells[version] ?? "", line);
  }
}

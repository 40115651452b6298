import type { ModelPassage, ModelSystem, Stated } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { speaksOf } from "./languages.ts";
import { allEntries, allSections, type Section, textOf } from "./sections.ts";
import {
  isActorHeading,
  isAssetHeading,
  isBoundaryHeading,
  isDescriptionHeading,
  isExcludedHeading,
  isOtherHeading,
  isScopeHeading,
  isUserHeading,
} from "./vocabulary.ts";

/** What the document says of the system around the threats. */
export interface Surroundings {
  readonly system: ModelSystem;
  readonly passages: readonly ModelPassage[];
}

const listLimit = 100;

/** Reads name, description, users, data and links from the headings that carry them. */
export function surroundingsIn(top: Section, path: string): Surroundings {
  const sections = allSections(top);
  const title =
    sections.find(({ level, title: text }) => level === 1 && text !== "") ??
    sections.find(({ title: text }) => text !== "");
  const name = title === undefined ? undefined : systemName(title.title);
  const description = descriptionIn(sections, path);
  const users = listed(sections, isUserHeading, path);
  const assets = listed(sections, isAssetHeading, path);
  const data = dataIn(sections, path);
  const scope = sections.find((section) => isScopeHeading(section.title) && wordsIn(told(section, true)) >= 12);
  const actors = sections.find(
    (section) => section.level > 1 && isActorHeading(section.title) && holdsSomething(section),
  );
  const described = description !== undefined && wordsIn(description.text) >= 25;
  const bounded = sections.find(
    (section) =>
      section.level > 1 &&
      (isBoundaryHeading(section.title) || /^(the )?attack surfaces?( (analysis|overview))?$/i.test(section.title)) &&
      holdsSomething(section),
  );
  const scoped = sections
    .flatMap(allEntries)
    .find(
      ({ label, text, line }) =>
        line <= 40 && /^(scope|in scope|purpose|system|application)$/i.test(label ?? "") && isSubstantive(text, 3),
    );
  const surrounded =
    (tellsOfUsers(description?.text ?? "") ? description?.place : undefined) ??
    users[0]?.place ??
    assets[0]?.place ??
    (scope === undefined ? undefined : { path, line: scope.line }) ??
    (bounded === undefined ? undefined : { path, line: bounded.line }) ??
    (actors === undefined ? undefined : { path, line: actors.line });
  // One sentence on the system is enough where two of its sides are told: what is covered, what is protected, by and from whom.
  const limits = sections.find(
    (section) =>
      isScopeHeading(section.title) && !isExcludedHeading(section.title) && wordsIn(told(section, true)) >= 12,
  );
  const namesUsers = limits !== undefined && usersOutside.test(textOf(limits, true));
  const sides = [users.length > 0 || namesUsers, assets.length > 0, limits !== undefined, actors !== undefined];
  const bounds = [users.length > 0, assets.length > 0, actors !== undefined, bounded !== undefined];
  const holding = sections.find(
    (section) =>
      section.level <= 3 &&
      saysScope(section.title) &&
      !isExcludedHeading(section.title) &&
      wordsIn(told(section, true)) >= 40,
  );
  // A scope of a line is enough beside a list of what is protected and where it is entered.
  const brief = sections.find(
    (section) =>
      section.level <= 3 &&
      (/\bscope\b/i.test(section.title) || speaksOf("scope", section.title)) &&
      saysScope(section.title) &&
      !isExcludedHeading(section.title) &&
      wordsIn(told(section, true)) >= 8,
  );
  const covered = holding !== undefined && bounds.filter((side) => side).length >= 1;
  const covers = sections
    .filter(({ level }) => level <= 2)
    .flatMap(allEntries)
    .find(({ text, line }) => line <= 40 && text.split(/(?<=[.!?])\s+/).some(saysWhatItCovers))?.line;
  const outlined =
    description !== undefined && wordsIn(description.text) >= 17 && sides.filter((side) => side).length >= 2;
  const passages: ModelPassage[] = [];
  if (description !== undefined && (described || outlined) && surrounded !== undefined)
    passages.push({
      deliverable: "context",
      strength: "full",
      what: "a description with users, assets or scope",
      place: description.place,
    });
  else if (holding !== undefined && covered)
    passages.push({
      deliverable: "context",
      strength: "full",
      what: "the scope, with what it holds",
      place: { path, line: holding.line },
    });
  else if (brief !== undefined && assets.length >= 3 && bounded !== undefined)
    passages.push({
      deliverable: "context",
      strength: "full",
      what: "the scope, with assets and boundaries",
      place: { path, line: brief.line },
    });
  else if (covers !== undefined && assets.length >= 3)
    passages.push({
      deliverable: "context",
      strength: "full",
      what: "what the model covers, with its assets",
      place: { path, line: covers },
    });
  else if (surrounded !== undefined || scoped !== undefined)
    passages.push({
      deliverable: "context",
      strength: "part",
      what: "actors, assets or scope",
      place: surrounded ?? { path, line: scoped?.line ?? 1 },
    });
  const sentence = passages.length === 0 && description === undefined ? sentenceIn(sections) : undefined;
  if (sentence !== undefined)
    passages.push({
      deliverable: "context",
      strength: "part",
      what: "a sentence on the system",
      place: { path, line: sentence },
    });
  return {
    system: {
      ...(name === undefined ? {} : { name: { text: name, place: { path, line: title?.line ?? 1 } } }),
      ...(description === undefined ? {} : { description }),
      users,
      data: data.length > 0 ? data : assets.map(({ text, place }) => ({ name: text, place })),
      links: linksIn(sections, path),
    },
    passages,
  };
}

/** A heading over what is covered itself; assumptions and limits stand beside it. */
function saysScope(title: string): boolean {
  const speaksOfLimits = !/^\W*scope\b/i.test(title) && /assumptions?|limitations|\blimits\b/i.test(title);
  return isScopeHeading(title) && !speaksOfLimits && wordsIn(title) <= 5;
}

/** "This model covers the registry, its release scripts and …": a sentence that draws the scope. */
function saysWhatItCovers(sentence: string): boolean {
  return (
    wordsIn(sentence) >= 12 &&
    /^\W*(?:this|the|our) (?:\w+ ){0,4}(?:document|page|model|analysis|assessment|section|report)s? (?:\w+ ){0,2}(?:covers?|focus(?:es)? on|focusing on|applies to|considers|concerns|is limited to|is about|analy[sz]es)\b/i.test(
      sentence,
    )
  );
}

/** A description of some length that itself says who uses the system or what stands outside it. */
function tellsOfUsers(text: string): boolean {
  return wordsIn(text) >= 50 && usersOutside.test(text);
}

const usersOutside =
  /\b(users?|customers?|operators?|administrators?|admins|developers?|clients?|tenants?|third[- ]part(?:y|ies)|(?:identity|service|cloud) providers?|external (?:systems?|services?|data sources?)|maintainers?|consumers?)\b/i;

function holdsSomething(section: Section): boolean {
  return section.blocks.some((block) => block.kind !== "entries") || wordsIn(told(section, true)) >= 8;
}

function systemName(title: string): string | undefined {
  const name = title
    .replace(
      /\b(security )?(self-?)?assessment\b|\b(lightweight )?threat model(l?ing)?( report| analysis| example)?\b|\bstride\b( (model|analysis|based))?/gi,
      "",
    )
    .replace(/^[\s:–—-]*(of|for|the)?\s*|[\s:–—()-]*(using|with|for|of)?[\s:–—()-]*$/gi, "")
    .trim();
  const opened = (name.match(/\(/g)?.length ?? 0) > (name.match(/\)/g)?.length ?? 0);
  return name === "" || isPlaceholder(name) || isOtherHeading(name) ? undefined : opened ? `${name})` : name;
}

/** Text of a section without sentences that speak of the document instead of the system. */
function told(section: Section, deep = false): string {
  return textOf(section, deep)
    .split("\n")
    .map((line) =>
      line
        .split(/(?<=[.!?])\s+/)
        .filter((sentence) => !aboutTheDocument.test(sentence))
        .join(" "),
    )
    .filter((line) => line !== "" && !isPlaceholder(line))
    .join("\n");
}

const aboutTheDocument =
  /^\W*(stride (stands for|helps|is an?\b)|(s\W*poofing|t\W*ampering|r\W*epudiation|i\W*nformation disclosure|d\W*enial of service|e\W*levation of privileges?)\s*[-:–—]|(a |an )?(comprehensive |structured |lightweight |formal )?(stride|security|threat|risk)[- ]?(based )?(analysis|assessment|review|model) (of|for)\b|threat model(l?ing)?( analysis)? (assists|helps|is an?|aims)\b|the (aim|goal|purpose) of this (section|document|page|model)\b|each (threat|entry|row|risk)\b|the (register|model|table|threat register) (below|above|also|is|records)\b|edit the\b|it (identifies|describes|defines|covers|outlines|documents|(?:records|lists) (?:the |all |our |known )?(?:\w+ )?(?:threats|risks|attacks|assumptions|boundaries|security)|enumerates|uses the stride|is (a living|intended|meant))\b)|^\W*((this|the|our) (document|page|threat model|section|(self-?)?assessment|report|analysis|model|threat assessment|guide|file)\b|for the purpose of th|in this (document|section|threat model)|table of contents|created by|generated|we (?:adopt|use|employ|follow|apply) (?:an? |the )?(?:\w+ ){0,3}(?:threat|stride|risk)|understanding (?:potential )?threats|threat model(?:l?ing)? analysis)/i;

function descriptionIn(sections: readonly Section[], path: string): Stated | undefined {
  let best: { text: string; line: number } | undefined;
  for (const section of sections) {
    const isLead = section.level <= 1;
    if (
      !isLead &&
      !(section.level <= 3 && isDescriptionHeading(section.title)) &&
      !/^architecture|^how it works|^key concepts/i.test(section.title)
    )
      continue;
    const text = told(section, !isLead && section.children.length > 0).slice(0, 4_000);
    if (!isSubstantive(text, isLead ? 20 : 8)) continue;
    if (best === undefined || (wordsIn(best.text) < 25 && wordsIn(text) > wordsIn(best.text)))
      best = { text, line: section.line };
  }
  best ??= labelledDescription(sections);
  return best === undefined ? undefined : { text: best.text, place: { path, line: best.line } };
}

/** "Description: …" among the fields at the head of a document, as reports of tools have it. */
function labelledDescription(sections: readonly Section[]): { text: string; line: number } | undefined {
  return sections
    .flatMap(allEntries)
    .find(
      ({ label, text, line }) =>
        line <= 40 &&
        /^(?:(?:system|application|high[- ]level(?: system)?) )?description$/i.test(label ?? "") &&
        isSubstantive(text, 8),
    );
}

/** The line of a sentence under the title that speaks of the system, too short to describe it. */
function sentenceIn(sections: readonly Section[]): number | undefined {
  return sections.find((section) => section.level <= 1 && isSubstantive(told(section), 8))?.line;
}

/** Items of lists, first cells of tables and child headings under the headings of a kind. */
function listed(sections: readonly Section[], is: (title: string) => boolean, path: string): Stated[] {
  const found = new Map<string, Stated>();
  const add = (text: string, line: number): void => {
    const short = text.replace(/\s+/g, " ").trim().slice(0, 200);
    if (short === "" || isPlaceholder(short) || found.size >= listLimit || found.has(short.toLowerCase())) return;
    found.set(short.toLowerCase(), { text: short, place: { path, line } });
  };
  for (const section of sections.filter(({ title, level }) => level > 0 && is(title))) {
    for (const block of section.blocks) {
      if (block.kind === "entries") for (const { label, text, line } of block.entries) add(label ?? text, line);
      else if (block.kind === "table") for (const { cells, line } of block.rows) add(cells[0] ?? "", line);
    }
    for (const child of section.children) if (textOf(child, true) !== "") add(child.title, child.line);
  }
  return [...found.values()];
}

function dataIn(sections: readonly Section[], path: string): ModelSystem["data"] {
  const found: { name: string; classification?: string; place: Stated["place"] }[] = [];
  for (const section of sections) {
    for (const block of section.blocks) {
      if (block.kind !== "table") continue;
      const classification = block.header.findIndex((cell) => /classif|sensitiv|confidential/i.test(cell));
      if (classification === -1 || classification === 0) continue;
      for (const { cells, line } of block.rows) {
        const [name = "", value = ""] = [cells[0], cells[classification]];
        if (name === "" || isPlaceholder(name) || found.length >= listLimit) continue;
        found.push({ name, ...(value === "" ? {} : { classification: value }), place: { path, line } });
      }
    }
    for (const { label, text, line } of allEntries(section)) {
      if (label !== undefined && /^(project )?data classification$/i.test(label) && !isPlaceholder(text) && text !== "")
        found.push({ name: "data of the system", classification: text, place: { path, line } });
    }
  }
  return found;
}

/** Links to what looks like architecture documentation: by their words, or by standing under such a heading. */
function linksIn(sections: readonly Section[], path: string): Stated[] {
  const found = new Map<string, Stated>();
  for (const section of sections) {
    const under = /architecture|design|system overview|references|related documents/i.test(section.title);
    for (const { kind, url, text, line } of section.references) {
      if (kind !== "link" || url.startsWith("#") || url.startsWith("mailto:") || found.size >= listLimit) continue;
      if (under || /architect|design|diagram|adr\b|overview|\bspec/i.test(`${text} ${url}`))
        found.set(url, { text: url, place: { path, line } });
    }
  }
  return [...found.values()];
}

import type { StrideLetter } from "../../domain/stride.ts";
import { isPlaceholder, isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { ratingOf, strideByName, strideOf } from "../words.ts";
import { childMitigation, mitigationBelow, ratingAtEnd, ratingBeside, siblingMitigation } from "./around-threats.ts";
import type { Entry } from "./entries.ts";
import { answeredItems, categoryThreats, entryText, nestedMitigation, threatsByLabel } from "./labelled-threats.ts";
import { speaksOf } from "./languages.ts";
import { deniesMitigation, isBareId, leadingCategory, type RawThreat, splitId, strideOfId } from "./raw-threat.ts";
import { allEntries, entriesOf, type Section, textOf } from "./sections.ts";
import {
  answersARisk,
  isAnswered,
  isRatedStatement,
  listsAnswered,
  listsRated,
  tellsItsOwn,
} from "./sibling-headings.ts";
import {
  answersByCategory,
  isOneThreat,
  listsThreats,
  looksLikeThreat,
  namedAttacks,
  tabulatedAnswers,
  tellsThreat,
} from "./threat-headings.ts";
import { rated } from "./threat-ratings.ts";
import { readTable } from "./threat-tables.ts";
import { fieldOf, picked, threatsInTwoColumns, twoColumnLabels } from "./two-column-threats.ts";
import {
  categoryOf,
  isActorHeading,
  isAnsweredList,
  isCatalogueHeading,
  isExcludedHeading,
  isMitigationTitle,
  isOtherHeading,
  isPartsHeading,
  isPlainThreatHeading,
  isTestHeading,
  isThreatHeading,
  riskInTitle,
  withoutTags,
} from "./vocabulary.ts";

/** Threats written as headings, labels and lists, found in the tree of sections. Tables are read elsewhere. */
export function threatsInSections(top: Section): RawThreat[] {
  const found: RawThreat[] = [];
  walk(top, { stride: [], inThreats: false }, found);
  return found;
}

/** As many headings below the first of all make that the title of a document. */
const fewestChapters = 3;

interface Above {
  readonly stride: readonly StrideLetter[];
  /** Under a heading that lists threats. */
  readonly inThreats: boolean;
}

function walk(section: Section, above: Above, found: RawThreat[]): void {
  if (section.level > 1 && isTestHeading(section.title)) return;
  const category = isOneThreat(section) ? undefined : categoryOf(section.title);
  if (category !== undefined) {
    const threats = section.children
      .filter(
        ({ title }) =>
          isAnsweredList(title) ||
          !(isMitigationTitle(title) || (isOtherHeading(title) && splitId(title) === undefined)),
      )
      .flatMap((child) => threatsOfChild(child, section, category));
    const tabled = threatsInTwoColumns(section).map((threat) =>
      threat.stride.length > 0 ? threat : { ...threat, stride: [category] },
    );
    const own =
      threats.length + tabled.length > 0 || hasThreatTable(section, category)
        ? tabled
        : categoryThreats(entriesOf(section), [category], section);
    const shared = childMitigation(section);
    const risk = riskInTitle(section.title);
    found.push(
      ...[...threats, ...own].map((threat) =>
        withMitigation(risk === undefined ? threat : { risk, ...threat }, shared),
      ),
    );
    return;
  }
  found.push(...categoriesInEntries(section), ...threatsInTwoColumns(section));
  // The title of the document makes none of its sections a threat.
  if (section.level > 1 && isCatalogueHeading(section.title) && !tellsItsOwn(section)) return;
  const inThreats =
    section.level > 1 && (isThreatHeading(section.title) || (above.inThreats && !isOtherHeading(section.title)));
  const inAnsweredList = section.level === 1 && listsAnswered(section);
  const isAllThreats = inAnsweredList && isAnsweredList(section.title);
  const inRatedList = section.level > 0 && !isMitigationTitle(section.title) && listsRated(section);
  for (const child of section.children) {
    if (isActorHeading(child.title) || isExcludedHeading(child.title)) continue;
    const isNumbered = inThreats && splitId(child.title) !== undefined;
    if (
      (isMitigationTitle(child.title) && !isAnsweredList(child.title) && !(inThreats && answersARisk(child))) ||
      (isOtherHeading(child.title) && !isNumbered)
    ) {
      walk(child, { stride: [], inThreats: false }, found);
      continue;
    }
    const isToldAtLength = inAnsweredList && isAnswered(child) && wordsIn(child.title.replace(/\(.*/, "")) >= 5;
    const isCategory =
      categoryOf(child.title) !== undefined &&
      !isOneThreat(child) &&
      !isToldAtLength &&
      !(inThreats && isOneOfMany(child, section));
    const isPart = isPartsHeading(section.title) && !tellsThreat(child);
    const isThreat =
      (isAllThreats && isSubstantive(textOf(child, true), 20)) ||
      looksLikeThreat(child, inThreats || (inAnsweredList && isAnswered(child))) ||
      (inRatedList && isRatedStatement(child));
    // A document with a number of its own ("ADR-7: threat model of the ferry") is no threat that has one.
    const isDocument = child.level === 1 && child.children.length >= fewestChapters;
    const threat =
      isCategory || isPart || isDocument || !isThreat ? undefined : sectionThreat(child, section, above.stride);
    if (threat === undefined) walk(child, { stride: above.stride, inThreats }, found);
    else found.push(threat);
  }
  const told = !isPartsHeading(section.title) && (inThreats || listsThreats(section));
  if (section.children.length === 0 && told) found.push(...labelledThreats(section));
}

/** A heading with the name of a category among three times as many without one: a threat beside others, as they are. */
function isOneOfMany(child: Section, { children }: Section): boolean {
  const categories = children.filter(({ title }) => categoryOf(title) !== undefined).length;
  return categories * 4 <= children.length && child.children.length === 0 && !listsThreats(child);
}

/** What a heading below a category tells: several threats that are answered in turn, or one. */
function threatsOfChild(child: Section, parent: Section, category: StrideLetter): RawThreat[] {
  if (isAnsweredList(child.title)) return categoryThreats(entriesOf(child), [category], child);
  if (isPlainThreatHeading(child.title) && child.children.length > 0)
    return child.children.flatMap((threat) => threatsOfChild(threat, child, category));
  const threat = sectionThreat(child, parent, [category]);
  return threat === undefined ? [] : [threat];
}

/** Where a table lists the threats of a category, the sentences around it speak of them. */
function hasThreatTable(section: Section, category: StrideLetter): boolean {
  return section.blocks.some(
    (block) => block.kind === "table" && readTable(block, section, [category]).kind === "threats",
  );
}

/** One heading as one threat; undefined when nothing is said under it. */
function sectionThreat(section: Section, parent: Section, stride: readonly StrideLetter[]): RawThreat | undefined {
  const split = splitId(section.title);
  const entries = allEntries(section);
  const fields = new Map<string, string>();
  const put = (name: string, value: string): void => {
    const known = fields.get(name);
    if (value.trim() === "") return;
    if (known === undefined) fields.set(name, value.trim());
    else if (name === "mitigation") fields.set(name, together(known, value.trim()));
  };
  for (const entry of entriesOf(section)) collect(entry, put);
  for (const [label, value] of twoColumnLabels(section)) put(fieldOf(label) ?? "", value);
  const mitigation =
    fields.get("mitigation") ??
    tabulatedAnswers(section) ??
    mitigationBelow(section) ??
    childMitigation(section) ??
    siblingMitigation(section, parent, split?.id);
  const plain = entries.find(({ label, text }) => label === undefined && isSubstantive(text, 3))?.text;
  const description = fields.get("description") ?? plain;
  const title = split === undefined || split.rest === "" ? nameOf(section, split, description) : split.rest;
  if (isPlaceholder(title) && description === undefined) return undefined;
  if (description === undefined && mitigation === undefined && fields.size === 0 && textOf(section, true) === "")
    return undefined;
  const named = strideOf(fields.get("stride") ?? "");
  const risk = riskInTitle(section.title) ?? ratingAtEnd(section.title) ?? ratingBeside(section, parent);
  if (risk !== undefined) put("risk", risk);
  const state = /\[(?:state|status): ([^\][]{1,60})\]/i.exec(section.title)?.[1];
  if (state !== undefined) put("status", state);
  const fromId = split === undefined ? [] : strideOfId(split.id);
  const stated = fields.get("id");
  const id = stated !== undefined && isBareId(stated) ? stated : split?.id;
  return {
    ...(id === undefined ? {} : { id }),
    title,
    stride: named.length > 0 ? named : stride.length > 0 ? stride : fromId.length > 0 ? fromId : categoryLetters(title),
    ...picked(fields),
    ...(description === undefined ? {} : { description }),
    ...(mitigation === undefined ? {} : { mitigation }),
    line: section.line,
  };
}

/** The heading, or what is said first where that is nothing but a number. */
function nameOf(section: Section, split: ReturnType<typeof splitId>, description: string | undefined): string {
  const [first = ""] = (description ?? "").split(/(?<=[.!?])\s|\n/);
  return split !== undefined && isSubstantive(first, 2) ? first.slice(0, 200) : withoutKind(section.title);
}

/** "Threat: forged signatures" without the word that says what it is. */
function withoutKind(title: string): string {
  return withoutTags(title).replace(
    /^(?:threat|risk|attack|scenario|abuse case)(?: scenario| id[ #]?\d{1,4})?\s?[:\u2013\u2014-]\s(?=\S)/i,
    "",
  );
}

/** What is in place and what is recommended, under two labels; "None currently" gives way to what follows. */
function together(known: string, more: string): string {
  if (deniesMitigation(known) || isPlaceholder(known)) return more;
  return deniesMitigation(more) || isPlaceholder(more) ? known : `${known}\n${more}`;
}

/** A title that is a STRIDE name in other words ("Denial Of Service (DoS)"). */
function categoryLetters(title: string): StrideLetter[] {
  return categoryOf(title) === undefined ? leadingCategory(title) : strideByName(title);
}

function collect(entry: Entry, put: (name: string, value: string) => void): void {
  if (entry.label !== undefined) {
    const rates = isRating(entry.text);
    const name = rates && speaksOf("risk", entry.label) ? "risk" : fieldOf(entry.label);
    const value =
      rates && (name === "impact" || name === "likelihood" || name === "risk")
        ? entry.text
        : [entry.text, ...entry.entries.map(entryText)].filter((text) => text !== "").join(" ");
    if (name !== undefined) {
      put(name, value);
      return;
    }
  }
  for (const nested of entry.entries) collect(nested, put);
}

/** "High", or "🟠 Medium (partly covered)": a rating that what is listed under it only explains. */
function isRating(text: string): boolean {
  return wordsIn(text) <= 6 && ratingOf(rated(text) ?? "") !== undefined;
}

function withMitigation(threat: RawThreat, shared: string | undefined): RawThreat {
  return threat.mitigation !== undefined || shared === undefined ? threat : { ...threat, mitigation: shared };
}

/** STRIDE categories written as labels or bold words inside one section: each with what stands under it. */
function categoriesInEntries(section: Section): RawThreat[] {
  const entries = entriesOf(section);
  const heads = entries.filter(({ label }) => label !== undefined && categoryOf(label) !== undefined);
  const named = new Set(heads.map(({ label }) => categoryOf(label ?? "")));
  if (named.size < 3 && !answersByCategory(section)) return [];
  const found: RawThreat[] = [];
  for (const [index, entry] of entries.entries()) {
    const category = entry.label === undefined ? undefined : categoryOf(entry.label);
    if (category === undefined) continue;
    const until = entries.findIndex(
      ({ label }, later) => later > index && label !== undefined && categoryOf(label) !== undefined,
    );
    const following = entries.slice(index + 1, until === -1 ? undefined : until);
    const under = entry.entries.length > 0 || following.length > 0 ? [...entry.entries, ...following] : [];
    const threats = categoryThreats(under, [category], section);
    if (threats.length > 0) found.push(...threats);
    else if (isSubstantive(entry.text, 4)) {
      const mitigation = nestedMitigation(entry);
      const answer = mitigation === undefined ? {} : { mitigation };
      found.push({ title: entry.text, stride: [category], ...answer, line: entry.line });
    }
  }
  return found;
}

/** Threats in the running text of a list of threats without a STRIDE category: only those that carry a label or an id. */
function labelledThreats(section: Section): RawThreat[] {
  const attacks = namedAttacks(section);
  if (attacks.length > 0) return attacks;
  const entries = entriesOf(section);
  const answered = answeredItems(entries, []);
  const labelled = threatsByLabel(entries, []);
  return answered.length >= 2 && answered.length >= labelled.length ? answered : labelled;
}

import type { StrideLetter } from "../../domain/stride.ts";
import { isPlaceholder, isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { type Entry, splitLabel } from "./entries.ts";
import { isBareId, leadingCategory, type RawThreat, splitId, strideOfId } from "./raw-threat.ts";
import type { Section } from "./sections.ts";
import {
  categoryOf,
  isFieldLabel,
  isMitigationTitle,
  isThreatLabel,
  riskInTitle,
  saysMoreThanCategory,
} from "./vocabulary.ts";

/** The threats among the statements under one STRIDE category. */
export function categoryThreats(
  entries: readonly Entry[],
  stride: readonly StrideLetter[],
  section: Section,
): RawThreat[] {
  const labelled = threatsByLabel(entries, stride);
  const inTurn = answeredInTurn(entries, stride);
  if (inTurn.length > labelled.length) return inTurn;
  if (labelled.length > 0) return labelled;
  const shared = entries
    .filter(({ label }) => label !== undefined && isMitigationTitle(label))
    .map((entry) => [entry.text, ...entry.entries.map(entryText)].join(" ").trim())
    .filter((text) => text !== "")
    .join(" ");
  const items = entries.filter(
    (entry) => entry.isItem && (entry.label === undefined || !isMitigationTitle(entry.label)),
  );
  const threats = items.flatMap((entry): RawThreat[] => {
    if (!isSubstantive(entryText(entry), 3)) return [];
    const own = nestedMitigation(entry);
    const mitigation = own ?? (shared === "" ? undefined : shared);
    return [
      {
        ...named(entry),
        stride,
        ...(mitigation === undefined ? {} : { mitigation }),
        line: entry.line,
      },
    ];
  });
  if (threats.length > 0) return threats;
  const prose = entries.filter(({ label }) => label === undefined || !isMitigationTitle(label));
  const text = prose.map(entryText).join(" ").trim();
  if (!isSubstantive(text, 6)) return [];
  return [
    {
      title: section.title === "" ? text.slice(0, 100) : section.title,
      description: text,
      stride,
      ...(shared === "" ? {} : { mitigation: shared }),
      line: prose[0]?.line ?? section.line,
    },
  ];
}

/** Statements that are each answered by the label after them: "**Token replay**: …", then "*Controls*: …". */
export function answeredInTurn(entries: readonly Entry[], stride: readonly StrideLetter[]): RawThreat[] {
  let statements = 0;
  const found = entries.flatMap((entry, place): RawThreat[] => {
    const { label, text, line } = entry;
    if (label === undefined || isFieldLabel(label) || isMitigationTitle(label) || !isSubstantive(text, 4)) return [];
    statements++;
    const answer = entries.slice(place + 1).find((later) => later.label !== undefined);
    if (answer?.label === undefined || !isMitigationTitle(answer.label)) return [];
    const mitigation = [answer.text, ...answer.entries.map(entryText)].join(" ").trim();
    return [{ title: label, description: text, stride, ...(mitigation === "" ? {} : { mitigation }), line }];
  });
  // Where one answer follows several statements, it is theirs together.
  return found.length * 4 >= statements * 3 ? found : [];
}

/** Items of a list that each have their answer nested under them: "1. Proof forgery: …" over "Mitigation: …". */
export function answeredItems(entries: readonly Entry[], stride: readonly StrideLetter[]): RawThreat[] {
  return entries.flatMap((entry): RawThreat[] => {
    const { label, text, isItem, line } = entry;
    const mitigation = isItem ? nestedMitigation(entry) : undefined;
    if (mitigation === undefined) return [];
    if (label !== undefined && (isFieldLabel(label) || namesOnlyCategory(label))) return [];
    const split = splitId(label === undefined ? text : `${label}: ${text}`);
    const lead: { readonly label?: string; readonly text: string } =
      split === undefined ? entry : (splitLabel(split.rest) ?? { text: split.rest });
    const title = lead.label ?? lead.text;
    if (!isSubstantive(title)) return [];
    const said = lead.label !== undefined && lead.text !== "" ? { description: lead.text } : {};
    return [{ ...(split === undefined ? {} : { id: split.id }), title, ...said, stride, mitigation, line }];
  });
}

function namesOnlyCategory(label: string): boolean {
  return categoryOf(label) !== undefined && !saysMoreThanCategory(label);
}

/** What nested statements say is done against a threat. */
export function nestedMitigation(entry: Entry): string | undefined {
  const nested = entry.entries.find(({ label }) => label !== undefined && isMitigationTitle(label));
  const text = nested === undefined ? "" : [nested.text, ...nested.entries.map(entryText)].join(" ").trim();
  return text === "" ? undefined : text;
}

/**
 * Threats that carry a label or an id of their own: "Threat S1: …", "Threat-03-T: …", "Threats:" with a list. A label of
 * mitigations answers the one threat before it, or all of a list.
 */
export function threatsByLabel(entries: readonly Entry[], stride: readonly StrideLetter[]): RawThreat[] {
  const found: RawThreat[] = [];
  let open: number[] = [];
  let answered = false;
  for (const [place, entry] of entries.entries()) {
    if (entry.label !== undefined && isMitigationTitle(entry.label)) {
      const text = [entry.text, ...entry.entries.map(entryText)].join(" ").trim();
      if (isSubstantive(text))
        for (const index of open) found[index] = { ...(found[index] as RawThreat), mitigation: text };
      answered = true;
      continue;
    }
    const rated = ratedThreat(entries, place);
    if (rated !== undefined) {
      // Several in a row share the answer that follows them, unless each opens fields of its own.
      open = answered || opensFields(entries, place) ? [found.length] : [...open, found.length];
      answered = false;
      found.push({ ...rated, stride });
      continue;
    }
    const split = entry.label === undefined ? splitId(entry.text) : splitId(`${entry.label}: ${entry.text}`);
    if (split !== undefined || (entry.label !== undefined && isThreatLabel(entry.label) && entry.text !== "")) {
      const told = split?.rest ?? entry.text;
      const inline = inlineAnswer(told);
      const text = inline?.threat ?? told;
      if (isPlaceholder(text)) continue;
      const several = split === undefined ? namesOf(entry) : [];
      if (several.length >= 2) {
        open = several.map((_, index) => found.length + index);
        found.push(
          ...several.map((title) => ({
            title,
            stride: stride.length > 0 ? stride : leadingCategory(title),
            line: entry.line,
          })),
        );
        continue;
      }
      const mitigation = inline?.mitigation ?? nestedMitigation(entry);
      const plain = entry.entries
        .filter(({ label }) => label === undefined)
        .map(entryText)
        .join(" ");
      const another = split === undefined && !answered && /^threat$/i.test(entry.label ?? "");
      open = another ? [...open, found.length] : [found.length];
      answered = false;
      found.push({
        ...(split === undefined ? {} : { id: split.id }),
        title: text,
        ...(plain === "" ? {} : { description: plain }),
        stride: stride.length > 0 ? stride : split === undefined ? [] : strideOfId(split.id),
        ...(mitigation === undefined ? {} : { mitigation }),
        line: entry.line,
      });
    } else if (entry.label !== undefined && isThreatLabel(entry.label) && entry.entries.length > 0) {
      open = [];
      for (const item of entry.entries) {
        if (item.label !== undefined && isMitigationTitle(item.label)) continue;
        if (!isSubstantive(entryText(item))) continue;
        open.push(found.length);
        const mitigation = nestedMitigation(item);
        found.push({
          ...named(item),
          stride,
          ...(mitigation === undefined ? {} : { mitigation }),
          line: item.line,
        });
      }
    } else if (entry.label !== undefined && open.length === 1 && /^description$/i.test(entry.label)) {
      const last = found[open[0] ?? 0];
      if (last !== undefined) found[open[0] ?? 0] = { ...last, description: entry.text };
    } else if (entry.label === undefined && open.length === 1) {
      const last = found[open[0] ?? 0];
      if (last !== undefined && last.description === undefined && isSubstantive(entry.text, 3))
        found[open[0] ?? 0] = { ...last, description: entry.text };
    }
  }
  return found;
}

/** "forged cookie. Mitigation: signed cookies": the threat and its answer in one statement. */
function inlineAnswer(text: string): { readonly threat: string; readonly mitigation: string } | undefined {
  const at = /[.;)]\s+(?:mitigations?|controls?|countermeasures?|defen[cs]es?):\s/i.exec(text);
  if (at === null || at.index < 3) return undefined;
  const mitigation = text.slice(at.index + at[0].length).trim();
  return isSubstantive(mitigation) ? { threat: text.slice(0, at.index + 1).trim(), mitigation } : undefined;
}

/** Items of a list that are each a threat: with fields under them ("Description:", "Mitigation:"), or led by how bad it is. */
export function ratedThreats(entries: readonly Entry[]): number {
  return entries.filter((_, place) => ratedThreat(entries, place) !== undefined).length;
}

function ratedThreat(entries: readonly Entry[], place: number): RawThreat | undefined {
  const entry = entries[place];
  if (entry === undefined || !entry.isItem) return undefined;
  const { label, text, line } = entry;
  const led = /^(critical|high|medium|moderate|low)(?: (?:risk|severity|impact))$/i.exec(label ?? "")?.[1];
  if (led !== undefined) return isSubstantive(text, 3) ? { title: text, risk: led, stride: [], line } : undefined;
  if (!opensFields(entries, place) || !isSubstantive(text) || splitId(text) !== undefined) return undefined;
  const risk = riskInTitle(text);
  const title = text.replace(/\s*[[(](?:critical|high|medium|moderate|low)[^\])]{0,20}[\])]\W{0,2}$/i, "");
  return { title, stride: [], ...(risk === undefined ? {} : { risk }), line };
}

/** An item without a label, followed by the fields of a threat, its mitigation among them. */
function opensFields(entries: readonly Entry[], place: number): boolean {
  if (entries[place]?.label !== undefined) return false;
  for (const { isItem, label } of entries.slice(place + 1, place + 8)) {
    if (isItem || label === undefined || !isFieldLabel(label)) return false;
    if (isMitigationTitle(label)) return true;
  }
  return false;
}

/** "Threats: session theft, forged tokens": short names in a row are each a threat; a sentence with commas is one. */
export function namesOf(entry: Entry): readonly string[] {
  const lists = /threats|risks|attacks/i.test(entry.label ?? "");
  const named = entry.text.split(/,\s|;\s/);
  const ofCategories = named.length >= 2 && named.every((name) => leadingCategory(name).length > 0);
  if ((!lists && !ofCategories) || entry.entries.length > 0) return [];
  const names = entry.text.replace(/\.$/, "").split(/,\s(?![^()]{0,200}\))|;\s/);
  const isShort = (name: string): boolean => wordsIn(name) >= 1 && wordsIn(name) <= 5 && !/[.!?:]/.test(name);
  return names.length >= 2 && names.every(isShort) ? names.map((name) => name.replace(/^(and|or)\s/i, "").trim()) : [];
}

/** What a statement is called: by its label, or by its words where the label is only a number: "T-API-01: replayed call". */
export function named({ label, text }: Entry): Pick<RawThreat, "id" | "title" | "description"> {
  if (label === undefined) return { title: text };
  if (isBareId(label) && isSubstantive(text)) return { id: label, title: text };
  return { title: label, ...(text === "" ? {} : { description: text }) };
}

/** A statement with everything nested under it, as one text. */
export function entryText(entry: Entry): string {
  const own = entry.label === undefined ? entry.text : `${entry.label}: ${entry.text}`;
  return [own, ...entry.entries.map(entryText)].filter((text) => text.trim() !== "").join(" ");
}

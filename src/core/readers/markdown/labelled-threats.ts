import type { StrideLetter } from "../../domain/stride.ts";
import { isPlaceholder, isSubstantive } from "../../text/placeholders.ts";
import type { Entry } from "./entries.ts";
import { type RawThreat, splitId, strideOfId } from "./raw-threat.ts";
import type { Section } from "./sections.ts";
import { isMitigationTitle, isThreatLabel } from "./vocabulary.ts";

/** The threats among the statements under one STRIDE category. */
export function categoryThreats(
  entries: readonly Entry[],
  stride: readonly StrideLetter[],
  section: Section,
): RawThreat[] {
  const labelled = threatsByLabel(entries, stride);
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
    const text = entry.label ?? entry.text;
    if (!isSubstantive(entryText(entry), 3)) return [];
    const own = nestedMitigation(entry);
    const mitigation = own ?? (shared === "" ? undefined : shared);
    return [
      {
        title: text,
        ...(entry.label === undefined ? {} : { description: entry.text }),
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
  for (const entry of entries) {
    if (entry.label !== undefined && isMitigationTitle(entry.label)) {
      const text = [entry.text, ...entry.entries.map(entryText)].join(" ").trim();
      if (isSubstantive(text))
        for (const index of open) found[index] = { ...(found[index] as RawThreat), mitigation: text };
      continue;
    }
    const split = entry.label === undefined ? splitId(entry.text) : splitId(`${entry.label}: ${entry.text}`);
    if (split !== undefined || (entry.label !== undefined && isThreatLabel(entry.label) && entry.text !== "")) {
      const text = split?.rest ?? entry.text;
      if (isPlaceholder(text)) continue;
      const mitigation = nestedMitigation(entry);
      const plain = entry.entries
        .filter(({ label }) => label === undefined)
        .map(entryText)
        .join(" ");
      open = [found.length];
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
          title: item.label ?? item.text,
          ...(item.label === undefined ? {} : { description: item.text }),
          stride,
          ...(mitigation === undefined ? {} : { mitigation }),
          line: item.line,
        });
      }
    } else if (entry.label === undefined && open.length === 1) {
      const last = found[open[0] ?? 0];
      if (last !== undefined && last.description === undefined && isSubstantive(entry.text, 3))
        found[open[0] ?? 0] = { ...last, description: entry.text };
    }
  }
  return found;
}

/** A statement with everything nested under it, as one text. */
export function entryText(entry: Entry): string {
  const own = entry.label === undefined ? entry.text : `${entry.label}: ${entry.text}`;
  return [own, ...entry.entries.map(entryText)].filter((text) => text.trim() !== "").join(" ");
}

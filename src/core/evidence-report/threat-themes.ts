import { rulesBehind } from "../domain/derived-rules.ts";
import type { EvidenceThreat } from "../domain/evidence-report.ts";
import type { ThreatRule } from "../domain/rules.ts";
import { type StrideLetter, strideNames } from "../domain/stride.ts";
import type { ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import { themesInWords } from "./theme-words.ts";

/** Gives the evidence themes of a threat, each with the ground on which it was given. */
export type ThemesOf = (threat: ModelThreat) => EvidenceThreat["themes"];

/** A threat about two matters is evidence for both; one about more is about none of them in particular. */
const mostThemes = 2;

/** A category that is the theme by what it means: what repudiation lacks is a record, what denial of service hurts is availability. */
const always: Readonly<Partial<Record<StrideLetter, string>>> = { R: "LOGGING", D: "AVAIL" };
/** Categories that violate one property (STRIDE's own definition), where no word says more. Tampering and disclosure may be of anything. */
const otherwise: Readonly<Partial<Record<StrideLetter, string>>> = { S: "AUTHN", E: "AUTHZ" };

/**
 * What a model's threats are evidence for: the theme its author states; else the rule that derived it or that speaks of
 * the same threat; else its category where that says it all, and the words of its title or of what answers it. A threat of which nothing tells has none: its
 * place in a table of requirements is not guessed.
 * @param ruleOf the rule of the library that plainly speaks of the same threat
 */
export function themesOfModel(
  model: ThreatModel,
  rules: readonly ThreatRule[],
  known: ReadonlySet<string>,
  ruleOf: (threat: ModelThreat) => ThreatRule | undefined,
): ThemesOf {
  const derived = rulesBehind(model, rules);
  const titles = new Map(model.controls.map(({ id, title }) => [id, title]));
  return (threat) => {
    if (threat.theme !== undefined && known.has(threat.theme))
      return [{ id: threat.theme, ground: "stated", by: "theme" }];
    const rule = derived(threat) ?? ruleOf(threat);
    if (rule && known.has(rule.theme)) return [{ id: rule.theme, ground: "library", by: rule.id }];
    const answers = [threat.mitigation ?? "", ...threat.controls.map((id) => titles.get(id) ?? "")].join(". ");
    const letters = threat.stride.map((letter) => ({ id: always[letter], by: strideNames[letter].toLowerCase() }));
    const told = [threat.title, answers]
      .map((words) => themesInWords(words, mostThemes))
      .find(({ length }) => length > 0);
    const instead = threat.stride.map((letter) => ({ id: otherwise[letter], by: strideNames[letter].toLowerCase() }));
    const found = new Map<string, EvidenceThreat["themes"][number]>();
    const add = (id: string | undefined, ground: "category" | "words", by: string): void => {
      if (id !== undefined && known.has(id) && !found.has(id) && found.size < mostThemes)
        found.set(id, { id, ground, by });
    };
    for (const { id, by } of letters) add(id, "category", by);
    for (const { id, by } of told ?? []) add(id, "words", by);
    if (found.size === 0) for (const { id, by } of instead) add(id, "category", by);
    return [...found.values()];
  };
}

import type { ElementType } from "../domain/element-type.ts";
import { elementTypes } from "../domain/element-type.ts";
import type { ThreatRule } from "../domain/rules.ts";
import type { ModelThreat } from "../domain/threat-model.ts";
import { phrases } from "./phrases.ts";

/** The threat library, ready to be asked which of its threats a team's own threat is. */
export interface Library {
  /** The rule that speaks of the same threat; undefined where none plainly does. */
  match(threat: ModelThreat, type: ElementType | undefined): ThreatRule | undefined;
}

/** More of a description is argument, not the name of the threat. */
const longest = 1_000;
/** A longer title is a paragraph that touches several threats. */
const longestName = 200;

/**
 * Matches by the names that teams give to threats, then by a weakness (CWE) that the threat names, on an element that the
 * rule speaks of and in its category. Likeness of other words is no ground: it was tried on 773 threats of public models
 * and led to another threat more often than to the same.
 */
export function compileLibrary(rules: readonly ThreatRule[]): Library {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return {
    match: (threat, type) => {
      const title = threat.title.slice(0, longest);
      const described = `${title} ${(threat.description ?? "").slice(0, longest)}`;
      for (const [words, id] of title.length > longestName ? [] : phrases) {
        const rule = byId.get(id);
        if (rule !== undefined && words.test(title)) return rule;
      }
      const weaknesses = new Set(described.match(/\bCWE-\d{1,5}\b/g));
      if (weaknesses.size === 0) return undefined;
      const kind = type === undefined ? undefined : elementTypes[type];
      const named = rules.filter(
        (rule) =>
          rule.cwe.some((weakness) => weaknesses.has(weakness)) &&
          (threat.stride.length === 0 || threat.stride.includes(rule.stride)) &&
          (kind === undefined || rule.appliesTo.elements.some((one) => elementTypes[one] === kind)),
      );
      return (
        named.find((rule) => type !== undefined && speaksOf(rule, type)) ?? (named.length === 1 ? named[0] : undefined)
      );
    },
  };
}

function speaksOf(rule: ThreatRule, type: ElementType): boolean {
  return rule.appliesTo.elements.some((one) => one === type);
}

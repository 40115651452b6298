import type { ElementType } from "../domain/element-type.ts";
import type { ThreatRule } from "../domain/rules.ts";
import type { ModelThreat } from "../domain/threat-model.ts";

/** The threat library, ready to be asked which of its threats a team's own threat is. */
export interface Library {
  /** The rule that speaks of the same threat; undefined where none plainly does. */
  match(threat: ModelThreat, type: ElementType | undefined): ThreatRule | undefined;
}

/** Types that say no more than the symbol of the diagram: they tell nothing for or against a rule. */
const plainTypes: ReadonlySet<string> = new Set(["process", "data-store", "external-entity", "data-flow"]);

/*
 * How much must speak for a match. Weights are inverse document frequencies over the library (at most ln 177, about 5):
 * two or three telling words in common, on the right kind of element and in the right category. Where it is less, the
 * general draft is the honest one.
 */
const leastWeight = 5.5;
const leastShare = 0.3;
const leastWords = 2;
const weightOfType = 2.5;
const weightOfWeakness = 12;

/** Learns which words tell rules apart. */
export function compileLibrary(rules: readonly ThreatRule[]): Library {
  const entries = rules.map((rule) => ({
    rule,
    title: new Set(wordsOf(rule.title)),
    words: new Set(wordsOf(`${rule.title} ${rule.why} ${rule.countermeasure} ${rule.story.need} ${rule.acceptance}`)),
    types: new Set<string>(rule.appliesTo.elements),
    weaknesses: new Set(rule.cwe),
  }));
  const often = new Map<string, number>();
  for (const { words } of entries) for (const word of words) often.set(word, (often.get(word) ?? 0) + 1);
  const weight = (word: string): number => Math.log((rules.length + 1) / ((often.get(word) ?? 0) + 1));
  return {
    match: (threat, type) => {
      const text = `${threat.title} ${threat.description ?? ""}`.slice(0, 4_000);
      const said = new Set(wordsOf(text));
      const inTitle = new Set(wordsOf(threat.title));
      const known = [...inTitle].filter((word) => often.has(word));
      const possible = known.reduce((sum, word) => sum + weight(word), 0);
      const weaknesses = text.match(/\bCWE-\d{1,5}\b/g) ?? [];
      let best: { rule: ThreatRule; score: number } | undefined;
      for (const entry of entries) {
        if (threat.stride.length > 0 && !threat.stride.includes(entry.rule.stride)) continue;
        const named = weaknesses.some((weakness) => entry.weaknesses.has(weakness));
        const fits = type !== undefined && entry.types.has(type);
        const foreign = type !== undefined && !plainTypes.has(type) && !fits;
        const shared = [...said].filter((word) => entry.words.has(word));
        const ofTitle = shared.filter((word) => inTitle.has(word));
        const words = shared.reduce(
          (sum, word) => sum + weight(word) * (entry.title.has(word) ? 1.5 : inTitle.has(word) ? 1 : 0.4),
          0,
        );
        const share = possible === 0 ? 0 : ofTitle.reduce((sum, word) => sum + weight(word), 0) / possible;
        const enough = words >= leastWeight && ofTitle.length >= leastWords && share >= leastShare && !foreign;
        if (!(enough || (named && (fits || words > 0)))) continue;
        const score = words + (fits ? weightOfType : 0) + (named ? weightOfWeakness : 0);
        if (best === undefined || score > best.score) best = { rule: entry.rule, score };
      }
      return best?.rule;
    },
  };
}

const common = new Set(
  (
    "the and for that with from this are was not but can may has have had its any all who what when where which into than then " +
    "them they their there here one two our your his her out over under other another same more most some such only also been " +
    "being does did done use used using user system data attack attacker attackers threat risk via without within between after " +
    "before because could would should will access service application component server request information value make made " +
    "someone somebody anybody anyone nobody person people every each own through still while about against"
  ).split(" "),
);

/** Telling words of a text, in one form: no plural, no ending. */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z][a-z0-9]{2,}/g) ?? []).filter((word) => !common.has(word)).map(stem);
}

function stem(word: string): string {
  return word.length <= 4 ? word.replace(/s$/, "") : word.replace(/(ations?|ings?|edly|ed|ies|es|s|ly)$/, "");
}

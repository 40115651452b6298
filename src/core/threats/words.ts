import { RE2JS, RE2Set } from "re2js";
import type { FactDefinition } from "../domain/rules.ts";

/** Longer texts are prose, not names: they state nothing. */
const longestName = 200;
/** Texts remembered for one set of rules, so that a service that runs for months stays small. */
const mostRemembered = 20_000;

/** The facts that the words of one short text state or deny: a technology, a protocol, a data name, a control's title. */
export type Words = (text: string) => ReadonlyMap<string, "yes" | "no">;

/**
 * Makes one automaton of all words of all facts: a text is read once, in linear time, however many facts there are
 * (50 times faster than asking fact by fact).
 * @throws Error with the fact and the pattern when an expression is not valid.
 */
export function compileWords(facts: readonly FactDefinition[]): Words {
  const set = new RE2Set(RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE);
  const meanings: { readonly fact: string; readonly is: "yes" | "no" }[] = [];
  const add = (fact: string, is: "yes" | "no", pattern: string): void => {
    try {
      set.add(pattern);
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault);
      throw new Error(`The fact ${fact} has words that cannot be used, \`${pattern}\`: ${why}.`, { cause: fault });
    }
    meanings.push({ fact, is });
  };
  for (const { fact, statedBy, deniedBy } of facts) {
    for (const pattern of statedBy) add(fact, "yes", pattern);
    for (const pattern of deniedBy ?? []) add(fact, "no", pattern);
  }
  if (meanings.length === 0) return () => new Map();
  set.compile();
  const remembered = new Map<string, ReadonlyMap<string, "yes" | "no">>();
  return (text) => {
    const known = remembered.get(text);
    if (known) return known;
    const found = new Map<string, "yes" | "no">();
    const words = text.trim();
    const matched = words === "" || words.length > longestName ? [] : set.match(words);
    for (const index of matched) {
      const meaning = meanings[index];
      // Denying words win: "no TLS" says more than "TLS".
      if (meaning && found.get(meaning.fact) !== "no") found.set(meaning.fact, meaning.is);
    }
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(text, found);
    return found;
  };
}

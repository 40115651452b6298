import type { CompiledRules } from "./compile.ts";

/** Longer names are prose, not names: they state nothing. */
const longestName = 200;
/** Texts remembered for one set of rules, so that a service that runs for months stays small. */
const mostRemembered = 20_000;

/** The facts that the words of one short text state or deny: a technology, a protocol, a data name, a control's title. */
export function factsInWords(text: string, compiled: CompiledRules): ReadonlyMap<string, "yes" | "no"> {
  const known = compiled.wordsSeen.get(text);
  if (known) return known;
  const found = look(text, compiled);
  if (compiled.wordsSeen.size >= mostRemembered) compiled.wordsSeen.clear();
  compiled.wordsSeen.set(text, found);
  return found;
}

function look(text: string, compiled: CompiledRules): ReadonlyMap<string, "yes" | "no"> {
  const found = new Map<string, "yes" | "no">();
  const words = text.trim();
  if (words === "" || words.length > longestName) return found;
  for (const [name, fact] of compiled.facts) {
    if (fact.denied?.find(words)) found.set(name, "no");
    else if (fact.stated?.find(words)) found.set(name, "yes");
  }
  return found;
}

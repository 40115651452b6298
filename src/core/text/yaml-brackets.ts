import { Lexer } from "yaml";
import { YamlFault } from "./yaml-values.ts";

/*
 * What is wrong about a bracket or a quote that stays open. The parser tells where it lost the thread, which is often lines
 * below; people need to know where it was opened.
 */

const closing: ReadonlyMap<string, string> = new Map([
  ["[", "]"],
  ["{", "}"],
]);

/** The parser's words for an opening that it found no end of. */
const isOpen = /^Not valid YAML: (flow (sequence|map) in block collection|missing closing)/;

/** The control characters that the lexer puts before a document, a value and an end, which stand for no text of the file. */
const marks = new Set(["\u0002", "\u0018", "\u001f", "\ufeff"]);

/** The same fault, told at the bracket or quote that is open where the parser stopped; unchanged where none is. One linear pass. */
export function toldAtOpening(fault: YamlFault, source: string): YamlFault {
  if (!isOpen.test(fault.message)) return fault;
  const open: { readonly sign: string; readonly at: number }[] = [];
  let at = 0;
  for (const token of new Lexer().lex(source)) {
    if (marks.has(token)) continue;
    const isQuote = token.startsWith('"') || token.startsWith("'");
    if (isQuote && (token.length === 1 || token.at(-1) !== token[0]) && at <= fault.offset) return openQuote(token, at);
    if (at >= fault.offset && open.length > 0) break;
    if (closing.has(token)) open.push({ sign: token, at });
    else if (token === "]" || token === "}") {
      const last = open.pop();
      if (last !== undefined && closing.get(last.sign) !== token) return openBracket(last);
    }
    at += token.length;
  }
  const unclosed = open.at(-1);
  if (unclosed === undefined) return fault;
  return openBracket(unclosed);
}

function openBracket({ sign, at }: { readonly sign: string; readonly at: number }): YamlFault {
  return new YamlFault(
    `The \`${sign}\` that opens here is not closed.`,
    at,
    `Close it with \`${closing.get(sign) ?? ""}\` on the same line, or put the text in quotes.`,
  );
}

function openQuote(token: string, at: number): YamlFault {
  const sign = token.charAt(0);
  return new YamlFault(
    `The quote ${sign} that opens here is not closed.`,
    at,
    `Close it with ${sign} on the same line.`,
  );
}

/** A text in quotes goes on for no more lines than this before it is taken for one that nobody closed. */
const mostLines = 500;
/** Quotes that open further to the right are left alone, so that a text cannot grow without bounds. */
const mostColumns = 200;

/**
 * The same text with the lines of the quote that opens at `opening` moved as far to the right as the quote stands, or
 * undefined where no line is to be moved or the quote is never closed at the end of a line. YAML asks that they stand deeper
 * than their key (1.2.2, section 7.3); most tools read them all the same. What the quote says does not change by it, since
 * leading blanks are no part of it (section 6.5), nor does the number of any line.
 */
export function withQuoteIndented(source: string, opening: number): string | undefined {
  if (!/["']/.test(source.charAt(opening))) return undefined;
  const lineStart = source.lastIndexOf("\n", opening) + 1;
  const column = opening - lineStart;
  const end = endOfQuote(source, opening);
  if (end === undefined || column > mostColumns) return undefined;
  const [first, ...rest] = source.slice(opening, end).split("\n");
  if (first === undefined || rest.length === 0 || rest.length > mostLines) return undefined;
  const moved = rest.map((line) => indented(line, column));
  if (moved.every((line, index) => line === rest[index])) return undefined;
  return `${source.slice(0, opening)}${[first, ...moved].join("\n")}${source.slice(end)}`;
}

/** Where the quote ends, its closing sign included; only where nothing but a comment follows on the line. */
function endOfQuote(source: string, opening: number): number | undefined {
  const sign = source.charAt(opening);
  for (let at = opening + 1; at < source.length; at++) {
    const character = source.charAt(at);
    if (sign === '"' && character === "\\") at++;
    else if (character === sign && sign === "'" && source.charAt(at + 1) === sign) at++;
    else if (character === sign) return endsItsLine(source, at + 1) ? at + 1 : undefined;
  }
  return undefined;
}

function endsItsLine(source: string, from: number): boolean {
  const lineEnd = source.indexOf("\n", from);
  return /^[ \t]*(?:[ \t]#.*)?\r?$/.test(source.slice(from, lineEnd === -1 ? source.length : lineEnd));
}

function indented(line: string, column: number): string {
  const text = line.trimStart();
  const blanks = line.length - text.length;
  return text === "" || blanks > column ? line : `${" ".repeat(column + 1)}${text}`;
}

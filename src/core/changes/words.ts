/*
 * Names as lists of words. Programmers say what a thing is in its name; `createApiKey`, `create_api_key` and
 * `CREATE-API-KEY` say the same.
 */

/** Lower-case words of an identifier: `postJWTToken` gives `post`, `jwt`, `token`. Digits stay with their word. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** The words joined by single blanks with blanks around, so that a phrase can be found by `includes(" api key ")`. */
export function phraseOf(name: string): string {
  return ` ${wordsOf(name).join(" ")} `;
}

/**
 * A matcher of word sequences in a name. `token` matches the word, `api key` the two words in a row, plural `s` allowed;
 * `encrypt(?:s|ed)` lists endings.
 */
export function vocabulary(phrases: readonly string[]): (phrase: string) => string | undefined {
  const pattern = new RegExp(` (${phrases.join("|")})(?:s|es|ed|ing)? `);
  return (phrase) => pattern.exec(phrase)?.[1];
}

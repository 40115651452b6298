/** A text on one line without what cannot be seen, at most `most` characters. */
export function plain(text: string, most: number): string {
  return text
    .toWellFormed()
    .replace(/[\s\u0085]+/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
    .trim()
    .slice(0, most);
}

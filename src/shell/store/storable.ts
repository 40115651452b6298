/** JSON that PostgreSQL accepts: it refuses NUL and unpaired surrogates (H064). */
export function storable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? plain(part) : part));
}

/** A text that PostgreSQL accepts. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\uFFFD");
}

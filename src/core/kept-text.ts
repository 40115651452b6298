/** Longest text that is kept of a part of a model, or of a verdict. */
const longestText = 300;

/** A text as it is kept beside the evaluation: well-formed, and cut where it is too long. */
export function cut(text: string): string {
  const plain = text.toWellFormed();
  return plain.length <= longestText ? plain : `${plain.slice(0, longestText - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

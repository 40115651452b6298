import { withholdSecrets } from "../text/secrets.ts";

/** Longer names make a drawing unreadable; the whole name stands in the model. */
const longest = 120;

/** A name as it may stand in a drawing: one line, without credentials, with what cannot be seen shown as code points. */
export function drawable(text: string): string {
  const plain = withholdSecrets(text)
    .toWellFormed()
    .replace(/[\s\u0085]+/g, " ")
    .trim()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => {
      if (sign === "\u200d") return sign;
      return `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
    });
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Breaks a text into lines of about `width` characters, between words. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].flatMap((one) => pieces(one, width * 2)).filter((one) => one !== "");
}

function pieces(word: string, most: number): string[] {
  const signs = [...word];
  const found: string[] = [];
  for (let index = 0; index < signs.length; index += most) found.push(signs.slice(index, index + most).join(""));
  return found;
}

/** Most kinds of data that a flow's label names: more make a column of text that hides the flows. */
const mostNamed = 2;

/** The data of a flow in a few words: the first kinds, and how many more there are. */
export function fewOf(data: readonly string[]): string {
  const more = data.length - mostNamed;
  return more <= 0 ? data.join(", ") : `${data.slice(0, mostNamed).join(", ")} and ${more} more`;
}

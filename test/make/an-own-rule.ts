import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const page = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "docs/own-rules.md");

/** The rule files of the page "An organisation adds a rule", exactly as they stand there, by their paths. */
export function ownRulesOfThePage(): Record<string, string> {
  const found = readFileSync(page, "utf8").matchAll(
    /^`(\.github\/threatgate\/[^`]+)`[^\n]*\n\n```yaml\n([\s\S]*?)^```/gm,
  );
  return Object.fromEntries([...found].map(([, path = "", text = ""]) => [path, text]));
}

/** The classification of the same page, exactly as it stands there. */
export function classificationOfThePage(): string {
  const found = /## Systems are classified[\s\S]*?```yaml\n([\s\S]*?)^```/m.exec(readFileSync(page, "utf8"));
  return found?.[1] ?? "";
}

/** A change rule that sees a word on added lines. Bend it by replacing parts of its text. */
export function anOwnChangeRule(id: string, word: string, mode = "comment"): string {
  return `id: ${id}
says: "Word of ours: \`{name}\`"
why: Whoever writes this word means something that only we know.
category: messaging
stride: [S]
element: { type: message-broker, name: ours }
watch: { text: { paths: ["**/*.ts"], added: ['${word}'] } }
asks: What does it mean here?
confidence: high
mode: ${mode}
examples:
  fires: [{ why: it is there, path: a.ts, before: "", after: "${word}" }]
  silent: [{ why: it is not, path: a.ts, before: "", after: "x" }]
`;
}

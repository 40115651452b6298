import type { Completed, FileChange } from "./complete.ts";
import type { Drafts } from "./drafts/draft-missing.ts";
import { plain } from "./drafts/plain.ts";

/** What was done and what is asked, for a person. Diffs follow it. */
export function completedText(completed: readonly Completed[], written: boolean): string {
  const lines: string[] = [];
  for (const { system, modelFiles, changes, drafts, asked, refused } of completed) {
    lines.push(`${plain(system, 200)}: ${modelFiles.map((path) => plain(path, 300)).join(", ")}`);
    if (refused !== undefined) lines.push(`  Nothing was drafted. ${plain(refused, 600)}`);
    if (drafts !== undefined) lines.push(...summaryOf(drafts, asked ?? 0, changes, written));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function summaryOf(drafts: Drafts, asked: number, changes: readonly FileChange[], written: boolean): string[] {
  const lines: string[] = [];
  const count = (number: number, one: string, many: string): string[] =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  const parts = [
    ...count(drafts.stories.length, "story", "stories"),
    ...count(drafts.controls.length, "control", "controls"),
    ...count(drafts.validations.length, "validation", "validations"),
    ...(drafts.owner === undefined ? [] : [`the owner (${plain(drafts.owner, 100)})`]),
    ...(drafts.updated === undefined ? [] : [`the date of the last change (${drafts.updated})`]),
  ];
  if (parts.length === 0) lines.push("  Nothing is left to draft.");
  else {
    lines.push(`  Drafted: ${parts.join(", ")}.`);
    if (drafts.stories.length > 0)
      lines.push(
        `  From the threat library: ${drafts.fromLibrary} of the stories. General, and in need of your words most: ${drafts.stories.length - drafts.fromLibrary}.`,
      );
    lines.push(
      "  Each id stands under `drafts` and counts as partial until somebody has read the part and takes its id out.",
    );
  }
  if (asked > 0)
    lines.push(
      `  Asked under \`questionnaire\`: ${asked} ${asked === 1 ? "fact" : "facts"} that no file states. Each answer spares threats, or raises them.`,
    );
  for (const { path, isNew } of changes)
    lines.push(
      `  ${written ? (isNew ? "Created" : "Changed") : isNew ? "Would create" : "Would change"}: ${plain(path, 300)}`,
    );
  for (const note of drafts.notDrafted) lines.push(`  ${plain(note, 300)}`);
  if (drafts.questions.length > 0) {
    lines.push(
      "  Questions that only you can answer, each by a threat, or by one with status not-applicable and the reason:",
    );
    for (const question of drafts.questions.slice(0, 20)) lines.push(`  - ${plain(question, 400)}`);
    if (drafts.questions.length > 20)
      lines.push(`  - and ${drafts.questions.length - 20} more elements; --format json lists all.`);
  }
  return lines;
}

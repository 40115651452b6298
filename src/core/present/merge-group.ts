import type { DesiredCheckRun } from "../domain/desired.ts";
import type { GroupMember } from "../domain/merge-group.ts";
import { blocks, cut, entries, limits } from "./blocks.ts";
import { code, md, ownWords, sentence } from "./markdown.ts";

/** The check on the head of a merge group. It passes only where each pull request in it passes at its current head. */
export function groupCheckRun(members: readonly GroupMember[] | { readonly unknown: string }): DesiredCheckRun {
  const frame = { name: "threat-model", annotations: [] } as const;
  if ("unknown" in members) {
    const words = md`**It is not known which pull requests are in this group, so none is let through.** ${sentence(members.unknown)}`;
    return {
      ...frame,
      conclusion: "failure",
      title: "The merge group cannot be told",
      summary: cut(words, limits.checkText),
    };
  }
  const held = members.filter(({ verdict }) => verdict !== "passes");
  const lines = members.map(({ number, head, verdict }) => {
    const at = md`#${number} at ${code(head.slice(0, 7))}`;
    if (verdict === "passes") return md`${at}: passes`;
    return verdict === "blocked" ? md`${at}: **does not pass**; its own check says why` : md`${at}: **not evaluated**`;
  });
  const summary = blocks([
    held.length === 0
      ? md`Each pull request of this group passes at its current head.`
      : md`**This group is not merged: ${ownWords(held.length === 1 ? "one of its pull requests does" : `${held.length} of its pull requests do`)} not pass.** Take ${ownWords(held.length === 1 ? "it" : "them")} out of the queue, or settle what ${ownWords(held.length === 1 ? "its own check asks" : "their own checks ask")} and queue ${ownWords(held.length === 1 ? "it" : "them")} again.`,
    entries(lines, "marks", 50),
  ]);
  const names = held.map(({ number }) => `#${number}`);
  const title =
    held.length === 0 ? "Each pull request of the group passes" : `${names.slice(0, 5).join(", ")} held back`;
  return {
    ...frame,
    conclusion: held.length === 0 ? "success" : "failure",
    title: title.slice(0, limits.checkTitle),
    summary: cut(summary, limits.checkText),
  };
}

import { Ground, type Looked } from "./answer-ground.ts";
import type { ReadCommand } from "./domain/command.ts";
import type { ShownChange } from "./domain/marker.ts";
import type { Account } from "./domain/snapshot.ts";
import { shortDigest, shortThreatId } from "./domain/threat-id.ts";
import type { FileChange } from "./present/answers.ts";
import type { LeftOut } from "./present/applied.ts";

/*
 * `/threat apply` (product.md, "Answers"; H034). What is committed is computed anew from the commands themselves, as their
 * own authors wrote them; what our replies showed only says which of them people have seen. So an edited comment, ours or
 * theirs, can hold a commit back and never change it.
 */

/** Answers that a person gave in an earlier comment, and the change that our reply showed for them. */
export interface ShownAnswers {
  readonly by: Account;
  /** When the comment was written, ISO instant: the day that its answers are dated. */
  readonly at: string;
  readonly url: string;
  readonly commands: readonly ReadCommand[];
  readonly shown: ShownChange;
}

/** One commit on top of the head that was looked at. */
export interface ModelCommit {
  readonly head: string;
  readonly files: readonly FileChange[];
  readonly headline: string;
  readonly body: string;
}

/** What of the shown answers can be committed, and what is left out with its reason. */
export interface ToApply {
  readonly commit?: ModelCommit;
  /** Ids of the threats whose answers the commit holds. */
  readonly threats: readonly string[];
  readonly left: readonly LeftOut[];
}

/** A digest of whole files before and after: what the marker of a reply says of the change it shows. */
export function digestOfChange(changes: readonly FileChange[]): string {
  const files = changes.map(({ file, before, after }) => [file, before ?? null, after]);
  return shortDigest(JSON.stringify(files), 26);
}

/**
 * The commit that writes all answers which were shown for this very head, in the order in which they were given. Answers
 * that the model holds already are passed over; those shown for another head, or that would come out otherwise today,
 * are left out and said. Pure.
 */
export function applyShown(answers: readonly ShownAnswers[], by: Account, url: string, looked: Looked): ToApply {
  const { head } = looked.snapshot;
  const all = new Ground(looked);
  const left: LeftOut[] = [];
  const threats = new Set<string>();
  const people = new Set<string>();
  for (const given of answers) {
    const alone = new Ground(looked);
    answerAll(given, alone);
    const changes = alone.changes();
    if (changes.length === 0) continue;
    if (given.shown.head !== head) {
      left.push({ url: given.url, because: { shownFor: given.shown.head, head } });
    } else if (digestOfChange(changes) !== given.shown.digest) {
      left.push({ url: given.url, because: "it differs" });
    } else {
      const answered = answerAll(given, all);
      for (const threat of answered) threats.add(threat);
      if (answered.length > 0) people.add(given.by.login);
    }
  }
  const files = all.changes();
  if (files.length === 0) return { threats: [], left };
  const ids = [...threats].map(shortThreatId);
  return {
    commit: { head, files, headline: headlineOf(ids), body: bodyOf([...people], ids, by, url) },
    threats: ids,
    left,
  };
}

/** Gives all answers of a comment on this ground; the ids of the threats whose answers change something. */
function answerAll({ commands, by, at }: ShownAnswers, ground: Ground): string[] {
  return commands.flatMap((one) => {
    if (!("command" in one)) return [];
    const { command } = one;
    switch (command.name) {
      case "mitigated":
      case "not-applicable":
      case "accept":
      case "reopen": {
        const result = ground.answer(command, ground.answerer(by), at);
        return result.outcome === "change" ? [result.threat.id] : [];
      }
      default:
        return [];
    }
  });
}

/** Git shows some 70 characters of a first line. */
function headlineOf(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(", ");
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
  return `Answer ${shown}${more} in the threat model`;
}

/**
 * Who asked and who answered, and nothing that people wrote: a text could close issues from here (H051). The trailer
 * makes whoever asked an author of the commit on GitHub, so that applying answers is no way to approve one's own (H022).
 * https://docs.github.com/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
 */
function bodyOf(people: readonly string[], ids: readonly string[], by: Account, url: string): string {
  const address = by.id === undefined ? by.login : `${by.id}+${by.login}`;
  return [
    `Threats: ${ids.join(", ")}`,
    `Answered by: ${people.join(", ")}`,
    `Asked for by ${by.login} in ${url}`,
    "",
    `Co-authored-by: ${by.login} <${address}@users.noreply.github.com>`,
  ].join("\n");
}

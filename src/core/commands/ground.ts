import type { Document } from "yaml";
import type { Refusal } from "../domain/command.ts";
import type { Policy } from "../domain/policy.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import type { KnownThreat } from "./known-threats.ts";

/* What an answer is judged by, and what it comes to. */

/** Where the answers of one system are written: its own file in our format, or why there is no such place. */
export type AnswerFile =
  | { readonly path: string; readonly text?: string; readonly name?: string }
  | { readonly refused: Refusal };

/** One system, as an answer sees it. */
export interface AnsweredSystem {
  readonly model?: ThreatModel;
  readonly file: AnswerFile;
}

/** Who answers, as far as GitHub says it. */
export interface Answerer {
  readonly login: string;
  readonly isArchitect: "yes" | "no" | { readonly unknown: string };
  /** Opened or wrote a part of this pull request. */
  readonly isAuthor: boolean;
}

/** What stands at a path at the head commit. `lines` is absent for what cannot be read as text. */
export type Evidence = { readonly lines?: number; readonly isModel: boolean } | undefined;

/** Everything that an answer is judged by. */
export interface AnswerGround {
  readonly systems: readonly AnsweredSystem[];
  readonly threats: readonly KnownThreat[];
  readonly policy: Pick<Policy, "acceptance">;
  readonly who: Answerer;
  /** ISO instant. */
  readonly now: string;
  readonly at: (path: string) => Evidence;
}

/** What an answer changes, and what is said beside it. */
export interface Meaning {
  readonly notes: readonly string[];
  write(document: Document): void;
}

/** Whether the file is the one that answers are written to. */
export function isOwn(path: string, system: AnsweredSystem): boolean {
  return "path" in system.file && system.file.path === path;
}

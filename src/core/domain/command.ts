/*
 * Commands that people write into comments of a pull request: a line of its own that starts with `/threat`. What is read
 * here decides nothing: an answer is a change of the model that a person still has to commit (product.md, "Answers").
 */

/** A command that answers one threat. `threat` is the id as it was written: a whole one, or a prefix. */
export type AnswerCommand =
  | { readonly name: "mitigated"; readonly threat: string; readonly by: string }
  | { readonly name: "not-applicable"; readonly threat: string; readonly because: string }
  | { readonly name: "accept"; readonly threat: string; readonly until: string; readonly because: string }
  | { readonly name: "reopen"; readonly threat: string };

export type Command =
  | AnswerCommand
  | { readonly name: "help" }
  | { readonly name: "recheck" }
  | { readonly name: "explain"; readonly threat: string }
  | { readonly name: "stories" }
  | { readonly name: "apply" }
  | { readonly name: "config" };

export const commandNames = [
  "help",
  "recheck",
  "explain",
  "mitigated",
  "not-applicable",
  "accept",
  "stories",
  "reopen",
  "apply",
  "config",
] as const satisfies readonly Command["name"][];

/** How each command is written, with a line that is right. */
export const commandForms: Readonly<Record<Command["name"], { readonly form: string; readonly example: string }>> = {
  help: { form: "/threat help", example: "/threat help" },
  recheck: { form: "/threat recheck", example: "/threat recheck" },
  explain: { form: "/threat explain T-…", example: "/threat explain T-7c1e2q" },
  mitigated: {
    form: "/threat mitigated T-… by <control or path[:line]>",
    example: "/threat mitigated T-7c1e2q by infra/export.tf:20",
  },
  "not-applicable": {
    form: "/threat not-applicable T-… because <reason>",
    example: "/threat not-applicable T-7c1e2q because the bucket holds only public images",
  },
  accept: {
    form: "/threat accept T-… until <date> because <reason>",
    example: "/threat accept T-7c1e2q until 2026-09-01 because the export is switched off until then",
  },
  stories: { form: "/threat stories", example: "/threat stories" },
  reopen: { form: "/threat reopen T-…", example: "/threat reopen T-7c1e2q" },
  apply: { form: "/threat apply", example: "/threat apply" },
  config: { form: "/threat config", example: "/threat config" },
};

/** Why something asked for is not done: what is wrong, what to do, and a line that would be right. */
export interface Refusal {
  readonly what: string;
  readonly hint: string;
  readonly example?: string;
}

/** One command line of a comment as it was read: a command, or what is wrong with it. */
export type ReadCommand =
  | { readonly line: string; readonly command: Command }
  | { readonly line: string; readonly fault: Refusal };

/** The answers `answer.ts` can give; a file is changed only by the first kind. */
export type AnswerResult =
  | {
      readonly outcome: "change";
      readonly file: string;
      /** The whole text before; absent when the file is new. */
      readonly before?: string;
      readonly after: string;
      readonly threat: AnsweredThreat;
      /** What else the person should know, one sentence each. */
      readonly notes: readonly string[];
    }
  /** The model says so already. */
  | { readonly outcome: "already"; readonly file: string; readonly threat: AnsweredThreat }
  | ({ readonly outcome: "refused" } & Refusal);

/** The threat that an answer is about, as people are shown it. */
export interface AnsweredThreat {
  readonly id: string;
  readonly title: string;
}

/** Whether the answers that were shown may be committed to the branch (`/threat apply`), or why that is off. */
export type Committing = { readonly possible: true } | { readonly possible: false; readonly why: string };

import { architectMembership, isContributor } from "./assess/review.ts";
import { type System, systemsOf } from "./assess/systems.ts";
import { type Answerer, type AnswerFile, type AnswerGround, answer, placeIn } from "./commands/answer.ts";
import { type KnownThreat, knownThreats, threatMeant } from "./commands/known-threats.ts";
import type { Assessment } from "./domain/assessment.ts";
import type { AnswerCommand, AnswerResult, Command, ReadCommand } from "./domain/command.ts";
import type { JudgeContext } from "./domain/judge-context.ts";
import { atLeast } from "./domain/risk.ts";
import type { Account, FileText, Snapshot } from "./domain/snapshot.ts";
import type { ThreatModel } from "./domain/threat-model.ts";
import { type EffectivePolicy, effectivePolicy } from "./policy.ts";
import { type FileChange, type ReplyPart, replyTo } from "./present/answers.ts";
import { isModelPath, readModel } from "./readers/read-model.ts";

export { commandsIn, readLine } from "./commands/read-command.ts";
export { patchOf } from "./present/answers.ts";

/** The commands of one comment, and who wrote it. */
export interface Asked {
  readonly commands: readonly ReadCommand[];
  readonly by: Account;
  readonly comment: { readonly id: number; readonly url?: string };
}

/** What a comment is answered with. */
export interface Conversed {
  /** The pull request is to be judged anew. */
  readonly recheck: boolean;
  /** Nothing of what was asked is done. */
  readonly refused: boolean;
  /** Absent when there is nothing to say. */
  readonly body?: string;
}

/** Whether the commands can only be answered by looking at the pull request. */
export function needsSnapshot(commands: readonly ReadCommand[]): boolean {
  return commands.some((one) => "command" in one && !["help", "recheck", "apply"].includes(one.command.name));
}

/** Paths that commands name as evidence: whether they exist at the head has to be looked up. */
export function evidenceWanted(commands: readonly Command[]): readonly string[] {
  const places = commands.flatMap((command) => (command.name === "mitigated" ? (placeIn(command.by) ?? []) : []));
  return [...new Set(places.map(({ path }) => path))];
}

/** A pull request as it was read, and what was concluded about it. */
export interface Looked {
  readonly snapshot: Snapshot;
  readonly assessment: Assessment;
}

/**
 * Answers the commands of a comment from one look at the pull request. Pure; without a look only what needs none is
 * answered. Changes of the model are shown, never made.
 */
export function converse(asked: Asked, looked: Looked | undefined, context: JudgeContext): Conversed {
  const ground = looked && new Ground(looked);
  const parts: ReplyPart[] = [];
  let recheck = false;
  let done = 0;
  for (const one of asked.commands) {
    if ("fault" in one) {
      parts.push({ kind: "fault", line: one.line, refusal: one.fault });
      continue;
    }
    if (one.command.name === "recheck") {
      recheck = true;
      done++;
      continue;
    }
    const part = partOf(one.command, one.line, ground, asked.by);
    if (!part) continue;
    parts.push(part);
    if (!isRefusal(part)) done++;
  }
  const refused = done === 0;
  if (parts.length === 0) return { recheck, refused };
  const { id, url } = asked.comment;
  const body = replyTo({
    parts: parts.filter(
      (part, index) => part.kind !== "help" || parts.findIndex(({ kind }) => kind === "help") === index,
    ),
    changes: ground?.changes() ?? [],
    comment: { id, author: asked.by.login, ...(url === undefined ? {} : { url }) },
    documentation: context.documentation,
  });
  return { recheck, refused, body };
}

function isRefusal(part: ReplyPart): boolean {
  return (
    part.kind === "fault" || part.kind === "apply" || (part.kind === "answer" && part.result.outcome === "refused")
  );
}

function partOf(
  command: Exclude<Command, { name: "recheck" }>,
  line: string,
  ground: Ground | undefined,
  by: Account,
): ReplyPart | undefined {
  if (command.name === "help" || command.name === "apply") return { kind: command.name };
  if (!ground) return undefined;
  switch (command.name) {
    case "config":
      return { kind: "config", config: ground.effective };
    case "stories":
      return { kind: "stories", threats: ground.withoutStory() };
    case "explain": {
      const threat = threatMeant(command.threat, ground.threats());
      if ("what" in threat) return { kind: "fault", line, refusal: threat };
      const { derived, written } = threat;
      return { kind: "explain", ...(derived ? { derived } : {}), ...(written ? { written } : {}) };
    }
    default:
      return { kind: "answer", command, result: ground.answer(command, ground.answerer(by)) };
  }
}

/** What one answer would change, for a checkout: nobody's membership can be told there, so the approver is only named. */
export function answerLocally(command: AnswerCommand, who: Answerer, looked: Looked): AnswerResult {
  return new Ground(looked).answer(command, who);
}

type SystemNow = System & { readonly model?: ThreatModel };

/** The pull request as the answers of one comment see it: each sees what those before it would write. */
class Ground {
  readonly effective: EffectivePolicy;
  readonly #snapshot: Snapshot;
  readonly #assessment: Assessment;
  readonly #written = new Map<string, FileChange>();

  constructor({ snapshot, assessment }: Looked) {
    this.#snapshot = snapshot;
    this.effective = effectivePolicy(snapshot.policy, snapshot.repository);
    this.#assessment = assessment;
  }

  /** All files that the answers so far would write. */
  changes(): readonly FileChange[] {
    return [...this.#written.values()];
  }

  threats(): readonly KnownThreat[] {
    const systems = this.#systems();
    const { threats, checklists, changes } = this.#assessment;
    const placed = threats.map((threat) => {
      const change = checklists.find((checklist) => checklist.threats.some(({ id }) => id === threat.id))?.change;
      const bySystem = systems.findIndex((system) => change !== undefined && system.changes.includes(change));
      const path = (change === undefined ? undefined : changes[change]?.path) ?? threat.place.path;
      const byPath = systems.findIndex((system) => system.covers(path));
      return { threat, system: bySystem >= 0 ? bySystem : Math.max(0, byPath) };
    });
    return knownThreats(
      systems.map(({ model }) => model),
      placed,
    );
  }

  /** Open threats from medium risk on that no story of the model names. */
  withoutStory() {
    const told = new Set(
      this.#systems().flatMap(({ model }) => (model?.stories ?? []).flatMap((story) => story.threats)),
    );
    return this.threats().flatMap(({ id, written, derived }) => {
      const status = written?.status ?? derived?.status;
      const isOpen = status === "open" || status === "unknown";
      return derived && isOpen && atLeast(derived.risk, "medium") && !told.has(id) && !told.has(derived.id)
        ? [derived]
        : [];
    });
  }

  answerer(account: Account): Answerer {
    const { pullRequest } = this.#snapshot;
    return {
      login: account.login,
      isArchitect: architectMembership(account, this.#snapshot, this.effective.policy),
      isAuthor: pullRequest !== undefined && isContributor(account, pullRequest),
    };
  }

  answer(command: AnswerCommand, who: Answerer): AnswerResult {
    if (!this.effective.usable) {
      const [problem] = this.effective.problems;
      return {
        outcome: "refused",
        what: `The policy cannot be used: ${problem?.what ?? "it could not be read."}`,
        hint: "Mend it first; `/threat config` shows its faults.",
      };
    }
    const systems = this.#systems();
    const ground: AnswerGround = {
      systems: systems.map((system) => ({
        ...(system.model ? { model: system.model } : {}),
        file: this.#fileOf(system),
      })),
      threats: this.threats(),
      policy: this.effective.policy,
      who,
      now: this.#snapshot.now,
      at: (path) => this.#at(path),
    };
    const result = answer(command, ground);
    if (result.outcome === "change") {
      const before =
        this.#written.get(result.file)?.before ?? this.#snapshot.models.find(({ path }) => path === result.file)?.text;
      this.#written.set(result.file, {
        file: result.file,
        after: result.after,
        ...(before === undefined ? {} : { before }),
      });
    }
    return result;
  }

  /** The model files as the answers so far would leave them. */
  #models(): readonly FileText[] {
    const kept = this.#snapshot.models.filter(({ path }) => !this.#written.has(path));
    return [...kept, ...[...this.#written.values()].map(({ file, after }) => ({ path: file, text: after }))];
  }

  #systems(): readonly SystemNow[] {
    return this.#systemsWith(this.#models()).map((system) => {
      const read = system.headFiles.length === 0 ? undefined : readModel(system.headFiles);
      return { ...system, ...(read?.model ? { model: read.model } : {}) };
    });
  }

  #systemsWith(models: readonly FileText[]): readonly System[] {
    return systemsOf({ ...this.#snapshot, models }, this.effective.policy, this.#assessment.changes);
  }

  /** Our own file of a system: the one that is there, or a new one at a place where it would be read. */
  #fileOf(system: SystemNow): AnswerFile {
    const own = system.headFiles.find((file) => readModel([file]).format === "native");
    if (own?.path.endsWith(".json")) {
      return {
        refused: {
          what: `\`${own.path}\` is JSON, which answers are not written into.`,
          hint: "Change it by hand, or write the model as `threat-model.yaml`.",
        },
      };
    }
    if (own) return { path: own.path, text: own.text };
    const taken = new Set(this.#models().map(({ path }) => path));
    const policy = this.effective.policy.systems.find(({ name }) => name === system.name);
    for (const path of placesFor(system.headFiles, policy?.paths ?? [], policy?.model ?? [])) {
      if (taken.has(path)) continue;
      const probe = { path, text: "schemaVersion: 1\n" };
      const after = this.#systemsWith([...this.#models(), probe]);
      if (!after.find(({ name }) => name === system.name)?.headFiles.some((file) => file.path === path)) continue;
      return system.headFiles.length === 0 ? { path, name: system.name.slice(0, 200) } : { path };
    }
    return {
      refused: {
        what: `The policy names the model files of system \`${system.name}\`, and none of them is a \`threat-model.yaml\`.`,
        hint: "Name one more under `systems`, `model`, beside the others.",
        example: "model: [docs/threats.md, threat-model.yaml]",
      },
    };
  }

  #at(path: string): ReturnType<AnswerGround["at"]> {
    const { headTexts, models, notRead, files, headPaths } = this.#snapshot;
    const found = [...headTexts, ...models].find((file) => file.path === path);
    const isModel = models.some((file) => file.path === path && (isModelPath(path) || readModel([file]).isModel));
    if (found) return { lines: linesIn(found.text), isModel };
    const isThere =
      headPaths.includes(path) ||
      notRead.some((file) => file.path === path) ||
      files.some((file) => file.filename === path && file.status !== "removed");
    return isThere ? { isModel } : undefined;
  }
}

function linesIn(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/** Where our own file of a system may stand: beside its model, at the top of its paths, or where the policy names one. */
function placesFor(files: readonly FileText[], paths: readonly string[], named: readonly string[]): readonly string[] {
  const isExact = (path: string): boolean => /\.ya?ml$/.test(path) && !/[*?[\]{}!]/.test(path);
  const folders = [
    ...files.slice(0, 1).map(({ path }) => path.split("/").slice(0, -1).join("/")),
    ...paths.map(
      (path) =>
        path
          .split(/[*?[\]{}!]/, 1)[0]
          ?.split("/")
          .slice(0, -1)
          .join("/") ?? "",
    ),
    "",
  ];
  const beside = folders.map((folder) => (folder === "" ? "threat-model.yaml" : `${folder}/threat-model.yaml`));
  return [...new Set([...named.filter(isExact), ...beside])];
}

import { architectMembership, isContributor } from "./assess/review.ts";
import { type System, systemsOf } from "./assess/systems.ts";
import { answer } from "./commands/answer.ts";
import type { Answerer, AnswerFile, AnswerGround } from "./commands/ground.ts";
import { type KnownThreat, knownThreats } from "./commands/known-threats.ts";
import type { Assessment } from "./domain/assessment.ts";
import type { AnswerCommand, AnswerResult } from "./domain/command.ts";
import { atLeast } from "./domain/risk.ts";
import type { Account, FileText, Snapshot } from "./domain/snapshot.ts";
import type { Threat, Unlisted } from "./domain/threat.ts";
import type { ThreatModel } from "./domain/threat-model.ts";
import { type EffectivePolicy, effectivePolicy } from "./policy.ts";
import type { FileChange } from "./present/answers.ts";
import { isModelPath, readModel } from "./readers/read-model.ts";

/** A pull request as it was read, and what was concluded about it. */
export interface Looked {
  readonly snapshot: Snapshot;
  readonly assessment: Assessment;
}

type SystemNow = System & { readonly model?: ThreatModel };

/** The pull request as answers see it: each sees what those before it would write. Pure; nothing is written anywhere. */
export class Ground {
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

  /** What else the library knows of a threat's element, and why it is not asked here. */
  unlistedBeside({ id, element }: Threat): readonly Unlisted[] {
    const { checklists, threats } = this.#assessment;
    const own = new Set(threats.flatMap((one) => (one.element.id === element.id ? [one.id] : [])).concat(id));
    const lists = checklists.filter((list) => list.threats.some((one) => own.has(one.id)));
    return lists.flatMap(({ unlisted }) => unlisted ?? []);
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

  /** What an answer would change. It is dated `at`, an ISO instant; left out, when the pull request was looked at. */
  answer(command: AnswerCommand, who: Answerer, at: string = this.#snapshot.now): AnswerResult {
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
      now: at,
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
      const isQuoted = system.headFiles.length > 0 && !system.home?.isWithheld;
      const read = isQuoted ? readModel(system.headFiles) : undefined;
      return { ...system, ...(read?.model ? { model: read.model } : {}) };
    });
  }

  #systemsWith(models: readonly FileText[]): readonly System[] {
    return systemsOf({ ...this.#snapshot, models }, this.effective.policy, this.#assessment.changes);
  }

  /** Our own file of a system: the one that is there, or a new one at a place where it would be read. */
  #fileOf(system: SystemNow): AnswerFile {
    if (system.home) {
      return {
        refused: {
          what: `The model of \`${system.name}\` stands in ${system.home.repository}, which a pull request here cannot change.`,
          hint: "Give the answer there, in a pull request that changes the model; this check counts it once that is merged.",
        },
      };
    }
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

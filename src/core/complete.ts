import { createTwoFilesPatch } from "diff";
import type { Document, YAMLMap } from "yaml";
import { systemsOf } from "./assess/systems.ts";
import { classify } from "./classify/classify.ts";
import { type QuestionnaireEntry, questionnaireEntries } from "./classify/questionnaire.ts";
import { addEntry, addText, editYaml, entryWith, listAt } from "./commands/edit-yaml.ts";
import { keyOrder } from "./commands/threat-entry.ts";
import { mermaidOf } from "./diagram/mermaid.ts";
import type { Policy } from "./domain/policy.ts";
import type { Problem } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import type { FileText, PolicyTexts } from "./domain/snapshot.ts";
import type { ThreatModel } from "./domain/threat-model.ts";
import { type Drafts, draftMissing, type ModelHistory } from "./drafts/draft-missing.ts";
import { plain } from "./drafts/plain.ts";
import { effectivePolicy } from "./policy.ts";
import { isModelPath, readModel, readOne } from "./readers/read-model.ts";
import { compileGlobs } from "./text/globs.ts";
import { typeOf } from "./threats/component-type.ts";
import { elicitModel } from "./threats/elicit-model.ts";

/*
 * Filling the gaps of a repository's models with drafts. Joins the rooms that read models, tell systems apart, draft,
 * draw and edit our own files.
 */

/** A repository as `complete` sees it. */
export interface RepositoryTexts {
  readonly repository: { readonly owner: string; readonly name: string };
  readonly policy: PolicyTexts;
  /** Texts of the files that may be models. */
  readonly models: readonly FileText[];
  /** Text of a file that drawings are written to, where it is there already. */
  readonly drawings: readonly FileText[];
}

/** One file that drafts change or create. */
export interface FileChange {
  readonly path: string;
  readonly isNew: boolean;
  readonly text: string;
  /** The change as a unified diff. */
  readonly diff: string;
}

/** What was drafted for one system. */
export interface Completed {
  readonly system: string;
  readonly modelFiles: readonly string[];
  readonly changes: readonly FileChange[];
  readonly drafts?: Drafts;
  /** What no file states, asked under `questionnaire`: how many entries were added. */
  readonly asked?: number;
  readonly problems: readonly Problem[];
  /** Why nothing was drafted although something may be missing. */
  readonly refused?: string;
}

/** Which of a repository's paths may be models: by name, or because the policy names them. At most 200. */
export function modelCandidates(
  paths: readonly string[],
  policy: PolicyTexts,
  repository: { readonly owner: string; readonly name: string },
): string[] {
  const named = compileGlobs(effectivePolicy(policy, repository).policy.systems.flatMap(({ model }) => model));
  return paths.filter((path) => isModelPath(path) || named.matches(path)).slice(0, 200);
}

/**
 * Drafts what the models of a repository lack, for each system on its own. What is drafted stands in the native model:
 * the one that is there, with its comments and order, or a new `threat-model.yaml` beside the model of another format.
 */
export async function completeModels(
  given: RepositoryTexts,
  rules: Rules,
  historyOf: (paths: readonly string[]) => Promise<ModelHistory>,
): Promise<readonly Completed[]> {
  const { policy } = effectivePolicy(given.policy, given.repository);
  const models = given.models.filter((file) => readOne(file).isModel || isNative(file.path));
  const systems = systemsOf({ repository: given.repository, models, baseModels: [], files: [] }, policy, []);
  const several = systems.filter(({ headFiles }) => headFiles.length > 0).length > 1;
  const completed: Completed[] = [];
  for (const system of systems) {
    const { home } = system;
    if (home) {
      const refused = `Its model stands in ${home.repository}: complete it there.`;
      completed.push({ system: system.name, modelFiles: [], changes: [], problems: [], refused });
      continue;
    }
    if (system.headFiles.length === 0) continue;
    const history = await historyOf(system.headFiles.map(({ path }) => path));
    completed.push(completeOne(system.name, system.headFiles, { rules, policy }, history, several, given.drawings));
  }
  return completed;
}

function isNative(path: string): boolean {
  return /(^|\/)threat-model\.ya?ml$/i.test(path);
}

function completeOne(
  system: string,
  files: readonly FileText[],
  { rules, policy }: { readonly rules: Rules; readonly policy: Policy },
  history: ModelHistory,
  several: boolean,
  drawings: readonly FileText[],
): Completed {
  const modelFiles = files.map(({ path }) => path);
  const { model, problems } = readModel(files);
  const refuse = (refused: string): Completed => ({ system, modelFiles, changes: [], problems, refused });
  if (model === undefined) return refuse("None of its files could be read as a model.");
  const native = files.find((file) => readOne(file).model?.format === "native");
  const broken = problems.find(({ severity, path }) => severity === "error" && isNative(path));
  if (broken !== undefined)
    return refuse(
      `${broken.path}${broken.line === undefined ? "" : `:${broken.line}`}: ${broken.what} Mend it first, so that no draft is written over a fault.`,
    );
  if (native !== undefined && !/\.ya?ml$/i.test(native.path))
    return refuse(
      `${native.path} is JSON; drafts are written into YAML alone. Convert it: threatgate convert ${native.path} --to native.`,
    );
  const drafts = draftMissing(model, rules.threats, typeOf, history);
  const asked = openQuestions(model, rules, policy);
  const target = native?.path ?? besideOf(modelFiles[0] ?? "");
  const changes = [
    ...changeOf(
      target,
      native?.text,
      withDrafts(native?.text, drafts, asked, native === undefined ? modelFiles : [], target),
    ),
    ...drawingOf(system, model, target, several, drawings),
  ];
  return { system, modelFiles, changes, drafts, asked: asked.length, problems };
}

/** What neither the model nor its questionnaire states: of the system by its classification, of the elements by their threats. */
function openQuestions(model: ThreatModel, rules: Rules, policy: Policy): readonly QuestionnaireEntry[] {
  const ofSystem = rules.classification ? classify({ head: model, policy }, rules.classification).questions : [];
  const { questions, threats } = elicitModel(model, rules);
  return questionnaireEntries(ofSystem, questions, threats, model, rules.facts);
}

/** Our file beside the main one, so that the two are read as one model. */
function besideOf(path: string): string {
  return [...path.split("/").slice(0, -1), "threat-model.yaml"].join("/");
}

function withDrafts(
  text: string | undefined,
  drafts: Drafts,
  asked: readonly QuestionnaireEntry[],
  imports: readonly string[],
  target: string,
): string | undefined {
  if (drafts.drafts.length + drafts.answers.length + asked.length === 0) return text;
  return editYaml(text, { schemaVersion: 1 }, (document) => {
    if (drafts.owner !== undefined || drafts.updated !== undefined) {
      if (!document.has("system")) {
        listAt(document, "system", keyOrder);
        document.set("system", document.createNode({}));
      }
      if (drafts.owner !== undefined) document.setIn(["system", "owner"], plain(drafts.owner, 500));
      if (drafts.updated !== undefined) document.setIn(["system", "updated"], drafts.updated);
    }
    answer(document, drafts);
    addAll(document, "controls", drafts.controls);
    addAll(document, "stories", drafts.stories);
    addAll(document, "validations", drafts.validations);
    addAll(document, "questionnaire", asked);
    addAll(document, "drafts", drafts.drafts);
    if (imports.length > 0)
      addAll(
        document,
        "imports",
        imports.flatMap((path) => relative(target, path)),
      );
  });
}

/** Ties drafted controls to threats of the team: in their own entry, or in one that names a foreign threat by its id. */
function answer(document: Document, { answers }: Drafts): void {
  for (const { threat, controls } of answers) {
    const entry = entryWith(document, "threats", "id", threat.id) ?? namingEntry(document, threat);
    for (const control of controls) addText(document, entry, "controls", control);
  }
}

/** An entry that names a threat of another file by its id, which alone tells nobody which one is meant: its title stands above. */
function namingEntry(document: Document, { id, title, status }: Drafts["answers"][number]["threat"]): YAMLMap {
  const entry = addEntry(document, listAt(document, "threats", keyOrder), {
    id,
    // Without a word of ours the other file's status holds; where it states none, nothing may be made of it.
    ...(status === "unknown" ? { status: "unknown" } : {}),
  });
  const said = plain(title, 120);
  if (said !== "") entry.commentBefore = ` ${said}`;
  return entry;
}

function addAll(document: Document, key: string, entries: readonly (string | object)[]): void {
  if (entries.length === 0) return;
  const list = listAt(document, key, keyOrder);
  for (const entry of entries) {
    if (typeof entry === "string") list.add(document.createNode(entry));
    else {
      const added = addEntry(document, list, plainPart(entry));
      // Criteria are sentences: each stands on a line of its own.
      const criteria = added.get("acceptance", true);
      if (typeof criteria === "object" && criteria !== null && "flow" in criteria) criteria.flow = false;
    }
  }
}

/** Texts without what cannot be seen; the rest of a value stays as it is. */
function plainPart(part: object): object {
  return Object.fromEntries(
    Object.entries(part).map(([key, value]): [string, unknown] => [
      key,
      typeof value === "string" ? plain(value, 20_000) : value,
    ]),
  );
}

/** A path as seen from another file; none when it cannot be written as an import. */
function relative(from: string, to: string): string[] {
  const folder = from.split("/").slice(0, -1);
  const steps = to.split("/");
  let shared = 0;
  while (shared < folder.length && folder[shared] === steps[shared]) shared++;
  const path = [...folder.slice(shared).map(() => ".."), ...steps.slice(shared)].join("/");
  return /[\\%\0]|^[A-Za-z]:/.test(path) ? [] : [path];
}

/** First line of a drawing of ours: only such a file is ever written anew. */
const mark =
  "<!-- Drawn by `threatgate complete` from the elements of the model. Changes here are lost; change the model. -->";

function drawingOf(
  system: string,
  model: ThreatModel,
  target: string,
  several: boolean,
  drawings: readonly FileText[],
): FileChange[] {
  const drawnByPeople = model.diagrams.some(({ kind }) => kind !== "elements");
  if (drawnByPeople || model.flows.length === 0) return [];
  const path = drawingPath(several ? system : undefined);
  const before = drawings.find((file) => file.path === path)?.text;
  if (before !== undefined && !before.startsWith(mark)) return [];
  const [back = target] = relative(path, target);
  const after = `${mark}\n\n# Data flow diagram\n\nFrom [${target.replace(/[[\]\\`*_<>]/g, "\\$&")}](<${back.replace(/[<>\\]/g, "")}>).\n\n\`\`\`mermaid\n${mermaidOf(model)}\`\`\`\n`;
  return changeOf(path, before, after);
}

/** Where the drawing of a system stands; of several systems in one repository each has its own. */
export function drawingPath(system: string | undefined): string {
  const name = (system ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "docs/data-flow-diagram.md" : `docs/data-flow-diagram-${name}.md`;
}

function changeOf(path: string, before: string | undefined, after: string | undefined): FileChange[] {
  if (after === undefined || after === before) return [];
  const diff = createTwoFilesPatch(before === undefined ? "/dev/null" : `a/${path}`, `b/${path}`, before ?? "", after);
  return [{ path, isNew: before === undefined, text: after, diff: diff.replace(/^=+\n/, "") }];
}

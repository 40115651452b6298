import { declares, isSurveyed, surveyFiles } from "./changes/survey.ts";
import { classify } from "./classify/classify.ts";
import { questionnaireEntries } from "./classify/questionnaire.ts";
import { mermaidOf } from "./diagram/mermaid.ts";
import type { NotInspected, Place } from "./domain/problem.ts";
import { showPlace } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import type { FileText, PolicyTexts } from "./domain/snapshot.ts";
import type { Threat } from "./domain/threat.ts";
import type { ModelThreat, ThreatModel } from "./domain/threat-model.ts";
import { written } from "./fill.ts";
import { effectivePolicy } from "./policy.ts";
import { readModel } from "./readers/read-model.ts";
import { withContext } from "./system-model/context.ts";
import { type Coverage, coverageOf } from "./system-model/coverage.ts";
import { type DerivedSystem, deriveSystem } from "./system-model/system-model.ts";
import { elicitModel } from "./threats/elicit-model.ts";
import { type Remark, withRemarks } from "./writers/commented.ts";
import { yamlOf } from "./writers/native.ts";

export { type Coverage, coverageLines } from "./system-model/coverage.ts";
export type { DerivedSystem } from "./system-model/system-model.ts";

/*
 * The first model of a repository that has none, from its own files: joins the rooms that read files, derive, classify, elicit, draw
 * and write.
 */

/** A repository as it stands: its paths, the texts that were read, and what could not be. */
export interface RepositoryFiles {
  readonly name: string;
  readonly paths: readonly string[];
  readonly texts: readonly FileText[];
  readonly notRead: readonly NotInspected[];
}

/** How telling a path is for a system model: 0 is not read; what describes infrastructure goes before code. */
export function worthReading(path: string): number {
  if (/^(\.github\/|docs\/)?CODEOWNERS$|^README(\.md)?$/i.test(path)) return 3;
  if (!isSurveyed(path)) return 0;
  return declares(path) ? 2 : 1;
}

/** The system that a repository's own files state. The seam for whoever needs it without a file: the check, onboarding, coverage. */
export function deriveFrom(files: RepositoryFiles, rules: Rules, most?: number): DerivedSystem {
  return deriveSystem(surveyFiles(files.name, files.paths, files.texts, files.notRead, rules), most);
}

/** How the models of a repository and what its files state differ; undefined where there is no model that could. */
export function coverageIn(files: RepositoryFiles, models: readonly FileText[], rules: Rules): Coverage | undefined {
  const { model } = readModel(models);
  return model && coverageOf(deriveFrom(files, rules).components, model, files.paths);
}

/** A first model, ready to be edited. */
export interface FirstModel {
  readonly derived: DerivedSystem;
  /** The text of `threat-model.yaml`. */
  readonly text: string;
  /** The drawing of it, as a Markdown file with Mermaid; absent where there is nothing to draw. */
  readonly drawing?: string;
  /** The drawing itself, in Mermaid; absent with it. */
  readonly diagram?: string;
  /** The baseline threats that stand in the text, the gravest first. */
  readonly threats: readonly Threat[];
  readonly counts: {
    readonly elements: number;
    readonly flows: number;
    readonly boundaries: number;
    readonly threats: number;
    readonly questions: number;
  };
  /** Threats that the library derives besides, of lower risk than those written. */
  readonly moreThreats: number;
}

/** Baseline threats that are written into the file; more than a team reads at its first sitting help nobody. */
const mostThreats = 30;
/** Of one element at most so many, so that no element hides the others. */
const mostOfElement = 6;
/** And one threat on so many elements: the same words ten times over are read by nobody. */
const mostOfRule = 3;

/** Where a first model is written. */
export const firstModelPath = "threat-model.yaml";
/** Where the drawing of a first model is written: where `complete` looks for it, too. */
export const firstDrawingPath = "docs/data-flow-diagram.md";
const drawnMark =
  "<!-- Drawn by `threatgate complete` from the elements of the model. Changes here are lost; change the model. -->";

/**
 * Writes the first model of a repository: context, elements, flows, boundaries, a diagram, baseline threats and the questions that no
 * file answers. Every statement says the file it came from; every part counts as a draft until a person confirms it.
 * @param options.withThreats false for a text that everybody may read: then no threat stands in it, and no question that would
 *   tell where a countermeasure may be missing (H095).
 */
export function firstModel(
  files: RepositoryFiles,
  policy: PolicyTexts,
  rules: Rules,
  { withThreats = true }: { readonly withThreats?: boolean } = {},
): FirstModel {
  const derived = deriveFrom(files, rules);
  const bare = withContext(derived.model, files.texts);
  const elicited = elicitModel(bare, rules);
  const shown = withThreats ? baseline(elicited.threats) : [];
  const ids = [...bare.elements, ...bare.flows, ...bare.boundaries].map(({ id }) => id);
  const model: ThreatModel = {
    ...bare,
    threats: shown.map(asModelThreat),
    drafts: [...draftedFields(bare), ...ids, ...shown.map(({ id }) => id)],
  };
  const effective = effectivePolicy(policy, { owner: "local", name: files.name });
  const ofSystem = rules.classification
    ? classify({ head: bare, policy: effective.policy }, rules.classification).questions
    : [];
  const asked = withThreats ? elicited.questions : [];
  const entries = questionnaireEntries(ofSystem, asked, withThreats ? elicited.threats : [], model, rules.facts);
  const { text } = written(model, "native", "yaml");
  // The key stands at the start of a line once: texts of others are indented below their own keys.
  const whole =
    entries.length === 0 ? text : text.replace(/^drafts:/m, () => `${yamlOf({ questionnaire: entries })}drafts:`);
  const more = withThreats ? elicited.threats.length - shown.length : 0;
  const drawing = mermaidOf(model);
  return {
    derived,
    text: withRemarks(whole, remarksOf(derived, model, shown, more, files)),
    ...(drawing === "" || model.elements.length === 0
      ? {}
      : {
          diagram: drawing,
          drawing: `${drawnMark}\n\n# Data flow diagram\n\nFrom [threat-model.yaml](<../threat-model.yaml>).\n\n\`\`\`mermaid\n${drawing}\`\`\`\n`,
        }),
    counts: {
      elements: model.elements.length,
      flows: model.flows.length,
      boundaries: model.boundaries.length,
      threats: shown.length,
      questions: entries.length,
    },
    threats: shown,
    moreThreats: more,
  };
}

function draftedFields({ system }: ThreatModel): string[] {
  return [
    ...(system.description ? ["system.description"] : []),
    ...(system.owner ? ["system.owner"] : []),
    ...(system.data.length > 0 ? ["system.data"] : []),
  ];
}

/** The gravest threats first, no more of one element than people read. */
function baseline(threats: readonly Threat[]): Threat[] {
  const perElement = new Map<string, number>();
  const perRule = new Map<string, number>();
  const shown: Threat[] = [];
  for (const threat of threats) {
    const count = perElement.get(threat.element.id) ?? 0;
    const same = perRule.get(threat.rule) ?? 0;
    if (count >= mostOfElement || same >= mostOfRule || shown.length >= mostThreats) continue;
    perElement.set(threat.element.id, count + 1);
    perRule.set(threat.rule, same + 1);
    shown.push(threat);
  }
  return shown;
}

function asModelThreat(threat: Threat): ModelThreat {
  return {
    id: threat.id,
    title: threat.title,
    description: threat.reason,
    element: threat.element.id,
    stride: [threat.stride],
    impact: threat.impact,
    likelihood: threat.likelihood,
    risk: threat.risk,
    status: threat.status === "open" ? "open" : "unknown",
    controls: [],
    place: threat.place,
  };
}

function remarksOf(
  { origins, holds, data, notRead }: DerivedSystem,
  model: ThreatModel,
  threats: readonly Threat[],
  more: number,
  files: RepositoryFiles,
): Remark[] {
  const { system } = model;
  const remarks: Remark[] = [
    {
      says: "yaml-language-server: $schema=https://raw.githubusercontent.com/threatgate/threatgate/main/schemas/threat-model.schema.json",
    },
    {
      says: "A first threat model, derived by `threatgate init` from the repository's own files. The comment above each part names the",
    },
    {
      says: "file that states it; what no file states is asked under `questionnaire`, never guessed. Everything counts as a draft until",
    },
    {
      says: "somebody has read it: correct a part, answer its questions, and take its id out of `drafts` at the end of the file.",
    },
    ...(system.description === undefined
      ? [{ says: "Missing: `system.description`, two sentences on what the system does and for whom." }]
      : []),
    ...(system.owner === undefined
      ? [{ says: "Missing: `system.owner`, the team or person who answers for this model." }]
      : []),
    { says: "Missing: `system.users`, the roles of the people who use it." },
    ...(more > 0
      ? [
          {
            says: `The library derives ${more} more threats, of lower risk or the same on further elements: \`threatgate threats threat-model.yaml\` shows all.`,
          },
        ]
      : []),
    ...notReadRemarks(notRead),
  ];
  const at = (id: string): string => (origins.get(id) ?? []).map(showPlace).join(", ");
  for (const { id, facts } of model.elements) {
    const held = holds.get(id);
    const inside =
      held === undefined
        ? ""
        : ` Holds ${held.slice(0, 8).join(", ")}${held.length > 8 ? ` and ${held.length - 8} more` : ""}.`;
    remarks.push({ list: "elements", part: id, says: `${at(id)}${inside}` });
    for (const { fact, where } of facts)
      if (where) remarks.push({ list: "elements", part: id, field: fact, says: showPlace(where) });
  }
  for (const { id } of model.flows) remarks.push({ list: "flows", part: id, says: at(id) });
  for (const { id } of model.boundaries) {
    const place = at(id);
    if (place !== "") remarks.push({ list: "boundaries", part: id, says: place });
  }
  for (const { id, countermeasure, why } of threats)
    remarks.push({ list: "threats", part: id, says: `${whyOf(why)}To do: ${countermeasure}` });
  if (system.description) remarks.push(fieldRemark("description", system.description.place));
  if (system.owner) remarks.push(fieldRemark("owner", system.owner.place));
  for (const { name, fields, places } of data)
    remarks.push({
      list: "system.data",
      part: name,
      says: fields.map((field, index) => `${field} (${showPlace(places[index] ?? { path: files.name })})`).join(", "),
    });
  return remarks;
}

function fieldRemark(field: string, place: Place): Remark {
  return { list: "system", field, says: showPlace(place) };
}

/** What made a threat apply, where a file says so. */
function whyOf(why: Threat["why"]): string {
  const stated = why.filter(({ is, where }) => is === "yes" && where && where.path !== "").slice(0, 2);
  if (stated.length === 0) return "";
  return `Because ${stated.map(({ fact, where }) => `${fact} (${where ? showPlace(where) : ""})`).join(", ")}. `;
}

function notReadRemarks(notRead: readonly NotInspected[]): Remark[] {
  if (notRead.length === 0) return [];
  const named = notRead.slice(0, 5).map(({ path, reason }) => `${path} (${reason.slice(0, 80)})`);
  return [{ says: `Not read: ${named.join("; ")}${notRead.length > 5 ? ` and ${notRead.length - 5} more` : ""}.` }];
}

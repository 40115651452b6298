import type { Block, Cell, Line, Tone } from "../domain/document.ts";
import { proseLine } from "../domain/document.ts";
import type {
  EvidenceFramework,
  EvidenceReport,
  EvidenceRequirement,
  RequirementState,
} from "../domain/evidence-report.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { heading, list, paragraph, table } from "./document-parts.ts";

const tones: Readonly<Record<RequirementState, Tone>> = {
  met: "good",
  planned: "warn",
  gap: "bad",
  unknown: "none",
  "not-applicable": "none",
  "not-addressed": "bad",
};

/** What a state says in a table: never that a law is complied with. */
const words: Readonly<Record<RequirementState, string>> = {
  met: "answered",
  planned: "in part",
  gap: "gap",
  unknown: "UNKNOWN",
  "not-applicable": "does not apply",
  "not-addressed": "nothing recorded",
};

/** The applicability table first, because it is a duty of its own; then each framework, requirement by requirement. */
export function frameworkBlocks({ frameworks, systems, themes }: EvidenceReport): Block[] {
  const names = new Map(themes.map(({ id, name }) => [id, name]));
  if (frameworks.length === 0) return [];
  const unmapped = systems.flatMap(({ threats }) => threats.filter(({ themes }) => themes.length === 0));
  const strange = systems.flatMap(({ unknownRequirements }) => unknownRequirements);
  return [
    ...frameworks.filter(({ applicability }) => applicability.length > 0).flatMap(applicabilityBlocks),
    heading(2, "Evidence by law and standard"),
    paragraph([
      "A pointer to where evidence stands, and no claim of conformity. “Answered” says that every threat that speaks to it is answered with validated controls and that the parts named are complete. A threat reaches a requirement through an evidence theme, so that it may touch the requirement only in part.",
    ]),
    ...(unmapped.length === 0
      ? []
      : [
          paragraph([
            `No requirement could be told for ${unmapped.length === 1 ? "1 threat" : `${unmapped.length} threats`}: `,
            ...idsLine(unmapped.map(({ id }) => id)),
            ". Name an evidence theme under ",
            { code: "theme" },
            " in the model.",
          ]),
        ]),
    ...(strange.length === 0
      ? []
      : [
          paragraph([
            { tone: "warn", says: "The model speaks of requirements that are not known here:" },
            ` ${strange.join(", ")}.`,
          ]),
        ]),
    ...frameworks.flatMap((framework) => frameworkTable(framework, names)),
  ];
}

/** Regulation (EU) 2024/2847, Article 13(3) and (4): each requirement of Annex I Part I (2), whether it applies, how, or why not. */
function applicabilityBlocks({ requirements, applicability }: EvidenceFramework): Block[] {
  const rows = requirements.filter(({ id }) => applicability.includes(id));
  return [
    heading(2, "CRA Annex I Part I (2): applicability"),
    paragraph([
      "Article 13(3) and (4) ask whether and how each requirement applies, and a justification where one does not. The answer belongs in the model: an entry under ",
      { code: "requirements" },
      " with ",
      { code: "requirement" },
      ", ",
      { code: "applies" },
      " and ",
      { code: "because" },
      ".",
    ]),
    table(
      ["", "Requirement, in our words", "Applies", "How, by what is recorded", "Justification"],
      rows.map((one) => [
        [[one.id.replace("I.1(2)", "")]],
        [[one.name]],
        [appliesLine(one)],
        [
          [{ tone: tones[one.state], says: words[one.state] }],
          ...(one.state === "not-applicable" || one.state === "not-addressed" ? [] : [proseLine(one.why)]),
          ...(one.threats.length === 0 ? [] : [idsLine(openFirst(one))]),
        ],
        [
          one.justification === undefined
            ? [{ soft: one.applies === "no" ? "needed: none is given" : "to be written" }]
            : [one.justification],
        ],
      ]),
      [4, 28, 12, 28, 28],
    ),
  ];
}

function appliesLine({ applies, threats }: EvidenceRequirement): Line {
  if (applies === "yes") return ["yes"];
  if (applies === "no") return ["no"];
  return threats.length > 0 ? [{ soft: "not stated; threats speak to it" }] : [{ tone: "warn", says: "not stated" }];
}

function frameworkTable(
  { name, requirements: all, applicability }: EvidenceFramework,
  themes: ReadonlyMap<string, string>,
): Block[] {
  // What stands in the table of applicability is not said again.
  const requirements = all.filter(({ id }) => !applicability.includes(id));
  const shown = requirements.filter(({ state }) => state !== "not-addressed");
  const silent = requirements.filter(({ state }) => state === "not-addressed");
  return [
    heading(3, name),
    ...(shown.length === 0
      ? []
      : [
          table(
            ["Requirement", "Evidence", "Threats", "Controls"],
            shown.map((one) => [
              [[{ strong: one.id }, ` ${one.name}`]],
              [
                [{ tone: tones[one.state], says: words[one.state] }],
                proseLine(one.justification === undefined ? one.why : `${one.why} ${one.justification}`),
              ],
              threatsCell(one, themes),
              [one.controls === 0 ? [] : [`${one.controlsInPlace} in place, ${one.controlsValidated} validated`]],
            ]),
            [34, 30, 22, 14],
          ),
        ]),
    ...(silent.length === 0
      ? []
      : [
          paragraph([{ tone: "bad", says: "Nothing recorded speaks to:" }]),
          list(silent.map(({ id, name: says }): Line => [{ strong: id }, ` ${says}`])),
        ]),
  ];
}

function threatsCell(one: EvidenceRequirement, names: ReadonlyMap<string, string>): Cell {
  const { threats, themes } = one;
  if (threats.length === 0) return [];
  return [idsLine(openFirst(one)), [{ soft: `through: ${themes.map((id) => names.get(id) ?? id).join("; ")}` }]];
}

function openFirst({ threats, open }: EvidenceRequirement): readonly string[] {
  return [...open, ...threats.filter((id) => !open.includes(id))];
}

/** Ids that a row names; the JSON has all. */
const mostIds = 6;

function idsLine(ids: readonly string[]): Line {
  const shown = ids
    .slice(0, mostIds)
    .flatMap((id, index): Line => [...(index > 0 ? [", "] : []), { code: shortThreatId(id) }]);
  return ids.length > mostIds ? [...shown, ` and ${ids.length - mostIds} more`] : shown;
}

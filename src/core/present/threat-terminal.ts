import type { Classification } from "../domain/classification.ts";
import type { Fact } from "../domain/fact.ts";
import { showPlace } from "../domain/problem.ts";
import type { RiskLevel } from "../domain/risk.ts";
import { strideLetters, strideNames } from "../domain/stride.ts";
import type { Question, Threat, Unlisted } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import type { CountermeasurePlan, ExplainedElement, StrideGrid, ThreatReport } from "../domain/threat-report.ts";
import { plainTerminal as clean, type Palette } from "./terminal.ts";
import { byTitle, byWords, firstOf, type ThreatGroup, unsureWords } from "./threat-groups.ts";

/** As many threats of one countermeasure, and elements of one threat, as a terminal shows before it counts the rest. */
const mostThreats = 4;
const mostElements = 4;
const marks = { covered: "+", "not-applicable": "-", open: "?" } as const;

/** What `threatgate threats --format text` prints for one model. Everything hostile is made plain. */
export function threatReportText(report: ThreatReport, palette: Palette): string {
  const { file, classification, plan, questions, grid, problems } = report;
  const lines = [palette.strong(clean(file)), ...classLines(classification, palette)];
  for (const problem of problems)
    lines.push(
      `  ${palette.bad(problem.severity)} ${clean(showPlace(problem))}  ${clean(problem.what)} ${clean(problem.hint)}`,
    );
  lines.push(...todoLines(plan, palette), ...creditedLines(plan, palette), ...questionLines(questions, palette));
  lines.push(...requirementLines(plan, palette), ...gridLines(grid, palette));
  return `${lines.join("\n")}\n`;
}

function classLines(classification: Classification | undefined, palette: Palette): string[] {
  if (!classification) return [];
  const { riskClass, because, threshold } = classification;
  return [
    `  risk class ${palette.strong(riskClass)}: ${clean(because)}`,
    palette.faint(
      `  open threats count from ${threshold} risk on; a Security Architect is asked ${whenAsked(classification)}`,
    ),
  ];
}

/** When a Security Architect is asked, in words that end a sentence. */
export function whenAsked({ architect }: Classification): string {
  if (architect === "always") return "for every significant change";
  return architect === "never" ? "only where a person must decide" : "for a threat of high risk or above";
}

function todoLines({ todo }: CountermeasurePlan, palette: Palette): string[] {
  if (todo.length === 0) return ["", palette.good("  Nothing to do: no derived threat is open.")];
  const all = todo.flatMap(({ threats }) => threats);
  const unsure = unsureWords(all);
  const isMixed = all.some(({ status }) => status !== "unknown");
  const lines = ["", palette.strong("  To do, what takes away most risk first")];
  if (unsure !== undefined) lines.push(palette.faint(`  ${unsure}`));
  for (const [index, { does, effort, takes, doneWhen, answers, threats, requirements }] of todo.entries()) {
    const counted = answers.map(({ risk, count }) => `${count} ${risk}`).join(", ");
    lines.push(`  ${String(index + 1).padStart(3)}. ${palette.strong(clean(does))}`);
    lines.push(`       answers ${counted}; ${palette.faint(`work: ${workWords(effort, takes)}`)}`);
    if (requirements.length > 0) lines.push(palette.faint(`       evidence for ${clean(requirements.join(", "))}`));
    const { shown, more } = firstOf(byTitle(threats), mostThreats);
    for (const group of shown) lines.push(...groupLines(group, doneWhen, isMixed, palette));
    if (more !== "") lines.push(palette.faint(`      ${more}`));
  }
  return lines;
}

function workWords(effort: string | undefined, takes: string | undefined): string {
  if (effort === undefined) return "not estimated";
  return takes === undefined ? effort : `${effort} (${clean(takes)})`;
}

/** One threat, and where it stands with which ids; `?` marks those of which nobody says whether they are answered. */
function groupLines(
  { title, risk, threats }: ThreatGroup,
  doneWhen: ReadonlyMap<string, string>,
  isMixed: boolean,
  palette: Palette,
): string[] {
  const done = doneWhen.get(threats[0]?.rule ?? "");
  const { shown, more } = firstOf(threats, mostElements);
  const at = shown.map(
    ({ id, element, status }) =>
      `${clean(element.name)} (${shortThreatId(id)}${isMixed && status === "unknown" ? " ?" : ""})`,
  );
  return [
    `       ${riskWord(risk, palette)} ${clean(title)}`,
    palette.faint(`                ${at.join(", ")}${more}`),
    ...(done === undefined ? [] : [palette.faint(`                done when: ${clean(done)}`)]),
  ];
}

function riskWord(risk: RiskLevel, palette: Palette): string {
  const padded = risk.padEnd(8);
  return risk === "high" || risk === "critical" ? palette.bad(padded) : palette.warn(padded);
}

function threatLine(threat: Threat, palette: Palette): string {
  return `${shortThreatId(threat.id)} ${riskWord(threat.risk, palette)} ${clean(threat.element.name)}: ${clean(threat.title)}`;
}

function statusWords({ status }: Threat): string {
  return status === "unknown" ? "nobody says whether it is answered" : status.replace("-", " ");
}

function creditedLines({ credited }: CountermeasurePlan, palette: Palette): string[] {
  if (credited.length === 0) return [];
  const lines = ["", palette.strong("  Already there")];
  for (const { control, threats, places } of credited) {
    const [first] = places;
    const where =
      first === undefined
        ? ""
        : ` (${clean(showPlace(first))}${places.length > 1 ? ` and ${places.length - 1} more` : ""})`;
    lines.push(`     ${clean(control)}: answers ${threats.length}${where}`);
  }
  return lines;
}

function questionLines(questions: readonly Question[], palette: Palette): string[] {
  if (questions.length === 0) return [];
  return [
    "",
    palette.strong("  Nobody says yet"),
    ...byWords(questions).map(({ names, words }) => {
      const { shown, more } = firstOf(names, mostElements);
      return `     ${shown.map((name) => clean(name)).join(", ")}${more}: ${clean(words)}`;
    }),
    palette.faint("     threatgate threats FILE --questionnaire writes these questions, to be answered in the model"),
  ];
}

function requirementLines({ requirements }: CountermeasurePlan, palette: Palette): string[] {
  const open = requirements.filter(({ state }) => state === "not-reached");
  if (open.length === 0) return [];
  return [
    "",
    palette.strong("  Asked by law or standard, and nothing in the model leads to it"),
    ...open.map(
      ({ regulation, requirement, themes }) =>
        `     ${clean(regulation)} ${clean(requirement)}: ${clean(themes.join("; "))}`,
    ),
    palette.faint("     a pointer to evidence, not a claim of conformity"),
  ];
}

function gridLines({ rows, covered, notApplicable, open }: StrideGrid, palette: Palette): string[] {
  if (rows.length === 0) return [];
  const width = Math.min(40, Math.max(...rows.map(({ element }) => clean(element.name).length)));
  const lines = rows.map(({ element, cells }) => {
    const shown = cells.map(({ state }) => marks[state]).join(" ");
    return `     ${clean(element.name).slice(0, width).padEnd(width)}  ${shown}`;
  });
  return [
    "",
    palette.strong(`  STRIDE as people wrote it: ${covered} considered, ${notApplicable} not applicable, ${open} open`),
    palette.faint(`     ${"".padEnd(width)}  ${strideLetters.join(" ")}   + considered, - not applicable, ? open`),
    ...lines,
  ];
}

const unlistedWords: Readonly<Record<Unlisted["because"], string>> = {
  "does-not-apply": "does not apply",
  "not-stated": "is not listed until it is known",
  "not-touched": "is not touched by the change",
  "of-flows": "is asked of the connections",
  "of-changes": "is asked of changes only",
  behind: "is less grave than those listed",
};

/** Why a rule lists nothing, with the facts: `does not apply: internet-facing is no (threat-model.yaml:12)`. */
export function whyUnlisted({ because, facts }: Unlisted): string {
  const shown = facts.slice(0, 3).map(factWords);
  return shown.length === 0 ? unlistedWords[because] : `${unlistedWords[because]}: ${shown.join(", ")}`;
}

/** A fact as a sentence part: `encrypted-at-rest is yes (infra/db.tf:4)`. */
export function factWords({ fact, is, where }: Fact): string {
  return `${fact} is ${is}${where ? ` (${showPlace(where)})` : ""}`;
}

/** What `threatgate threats --explain` prints: the facts of an element, its threats with their reasons, and why no others. */
export function explainedText(
  { element, facts, threats, question, unlisted }: ExplainedElement,
  palette: Palette,
): string {
  const lines = [
    `${palette.strong(clean(element.name))}  ${palette.faint(`${element.type} ${clean(element.id)}`)}`,
    "",
  ];
  lines.push(
    palette.strong("  Known"),
    ...(facts.length === 0 ? ["     nothing"] : facts.map((fact) => `     ${clean(factWords(fact))}`)),
  );
  for (const threat of threats) {
    lines.push("", threatLine(threat, palette));
    lines.push(
      `     ${strideNames[threat.stride]}, ${statusWords(threat)}${threat.answeredBy === undefined ? "" : `: ${clean(threat.answeredBy)}`}`,
    );
    lines.push(`     rule ${threat.rule}: ${clean(threat.reason)}`);
    lines.push(
      `     decided by ${threat.why.length === 0 ? "the type of the element alone" : clean(threat.why.map(factWords).join(", "))}`,
    );
    const drivers = threat.drivers.map(
      ({ because, by, raises }) => `${clean(because)} (${by > 0 ? "raises" : "lowers"} the ${raises})`,
    );
    lines.push(
      `     impact ${threat.impact}, likelihood ${threat.likelihood}${drivers.length === 0 ? "" : `: ${drivers.join(", ")}`}`,
    );
    lines.push(`     do: ${clean(threat.countermeasure)}`, `     show: ${clean(threat.acceptanceTest)}`);
  }
  if (question) lines.push("", palette.strong("  Asked"), `     ${clean(question.asks)}`);
  if (unlisted.length > 0) lines.push("", palette.strong("  Not listed, and why"));
  for (const one of unlisted) lines.push(`     ${one.rule} (${one.stride}): ${clean(whyUnlisted(one))}`);
  return `${lines.join("\n")}\n`;
}

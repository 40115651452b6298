import type { Assessment, SystemAssessment } from "../domain/assessment.ts";
import { type DesiredIssue, dueWords } from "../domain/desired.ts";
import { writeMarker } from "../domain/marker.ts";
import { showPlace } from "../domain/problem.ts";
import { atLeast, type RiskLevel } from "../domain/risk.ts";
import { type StrideLetter, strideNames } from "../domain/stride.ts";
import type { Story, Threat } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import type { ModelAcceptance, ModelThreat } from "../domain/threat-model.ts";
import { blocks, cut, entries, fence, limits } from "./blocks.ts";
import { type PresentContext, pullRequestPage, rulePage } from "./context.ts";
import { code, link, type Markdown, md, ownWords, plainLine, prose, text } from "./markdown.ts";
import { dayOf, significantChanges, thresholdOf } from "./standing.ts";

/** A threat as an issue needs it, whether the library derived it or the team wrote it down. */
interface Work {
  readonly id: string;
  readonly title: string;
  readonly element: string | undefined;
  readonly stride: readonly StrideLetter[];
  readonly risk: RiskLevel;
  readonly story: Story | undefined;
  readonly derived: Threat | undefined;
  readonly written: ModelThreat | undefined;
  readonly modelFile: string;
  readonly system: string | undefined;
  /** Why it is no longer open; absent when it is. */
  readonly closed: Markdown | undefined;
  /** What of it the model holds already: nothing, where there is none. */
  readonly model: SystemAssessment["model"];
  /** Deleted from the model by this very difference. */
  readonly orphaned?: true;
}

/**
 * An issue for each open threat at or above the policy's risk, and a closed one for each that the model shows as dealt
 * with, so that its issue closes. A threat that was deleted opens none and closes none: deleting it solves nothing (H072),
 * and its issue says so.
 */
export function issues(
  assessment: Assessment,
  context: PresentContext,
): { readonly risk: RiskLevel; readonly issue: DesiredIssue }[] {
  return [...workOf(assessment).values()]
    .filter(
      (work) => work.closed !== undefined || work.orphaned || atLeast(work.risk, thresholdOf(assessment, work.system)),
    )
    .map((work) => ({ risk: work.risk, issue: issueOf(work, assessment, context) }));
}

function workOf(assessment: Assessment): Map<string, Work> {
  const work = new Map<string, Work>();
  const covered = coveredThreats(assessment);
  for (const threat of assessment.threats) {
    const derived = derivedWork(threat, assessment);
    // The team looked at a covered change and wrote down what it saw; what else the library knows of it is no work.
    if (derived.closed === undefined && covered.has(threat.id)) continue;
    work.set(threat.id, derived);
  }
  // The threats of a model are work where the model stands.
  for (const system of assessment.systems.filter(({ home }) => home === undefined)) {
    const open = new Set(system.openThreats.map((threat) => threat.id));
    for (const threat of new Map(
      [...(system.model?.threats ?? []), ...system.openThreats].map((one) => [one.id, one]),
    ).values()) {
      const closed = open.has(threat.id)
        ? undefined
        : closedBy(threat.status, showPlace(threat.place), acceptanceOf(threat.id, system));
      // What is below the policy's risk, or not rated and not said to be open, is no work yet.
      if (closed === undefined && !open.has(threat.id)) continue;
      work.set(threat.id, { ...writtenWork(threat, system, work.get(threat.id)), closed });
    }
    const inModel = new Set(system.model?.threats.map(({ id }) => id) ?? []);
    for (const { threat } of system.lost) {
      if (inModel.has(threat.id) || work.has(threat.id)) continue;
      work.set(threat.id, { ...writtenWork(threat, system, undefined), closed: undefined, orphaned: true });
    }
  }
  return work;
}

/** Threats asked only of changes that the model or an answer covers. */
function coveredThreats(assessment: Assessment): ReadonlySet<string> {
  const presented = significantChanges(assessment);
  const idsOf = (open: boolean) =>
    presented
      .filter((one) => one.open === open)
      .flatMap(({ checklist }) => checklist?.threats.map(({ id }) => id) ?? []);
  const open = new Set(idsOf(true));
  return new Set(idsOf(false).filter((id) => !open.has(id)));
}

function derivedWork(threat: Threat, assessment: Assessment): Work {
  const change = assessment.checklists.find((checklist) =>
    checklist.threats.some(({ id }) => id === threat.id),
  )?.change;
  const system = assessment.systems.find((candidate) => change !== undefined && candidate.changes.includes(change));
  const where = threat.statusPlace ? showPlace(threat.statusPlace) : undefined;
  return {
    id: threat.id,
    title: threat.title,
    element: threat.element.name,
    stride: [threat.stride],
    risk: threat.risk,
    story: threat.story,
    derived: threat,
    written: undefined,
    model: system?.model,
    modelFile: system?.modelFiles[0] ?? "threat-model.yaml",
    system: system?.name,
    closed: closedBy(threat.status, where, system && acceptanceOf(threat.id, system)),
  };
}

function writtenWork(threat: ModelThreat, system: SystemAssessment, derived: Work | undefined): Work {
  const story = system.model?.stories.find((candidate) => candidate.threats.includes(threat.id));
  const written = story && {
    as: story.as ?? "",
    need: story.need ?? "",
    so: story.so ?? "",
    acceptance: story.acceptance,
  };
  const isWhole = written && written.as !== "" && written.need !== "" && written.so !== "";
  return {
    id: threat.id,
    title: threat.title,
    element: elementName(threat, system) ?? derived?.element,
    stride: threat.stride.length > 0 ? threat.stride : (derived?.stride ?? []),
    risk: threat.risk ?? derived?.risk ?? "note",
    story: isWhole ? written : derived?.story,
    derived: derived?.derived,
    written: threat,
    model: system.model,
    modelFile: threat.place.path,
    system: system.name,
    closed: undefined,
  };
}

function elementName(threat: ModelThreat, system: SystemAssessment): string | undefined {
  return system.model?.elements.find((element) => element.id === threat.element)?.name ?? threat.element;
}

function acceptanceOf(threat: string, system: SystemAssessment): ModelAcceptance | undefined {
  return system.model?.acceptances.find((candidate) => candidate.threat === threat);
}

function closedBy(
  status: Threat["status"],
  where: string | undefined,
  acceptance: ModelAcceptance | undefined,
): Markdown | undefined {
  const place = where === undefined ? md`` : md` (${code(where)})`;
  switch (status) {
    case "mitigated":
      return md`The model shows it as mitigated${place}.`;
    case "not-applicable":
      return md`The model shows it as not applicable${place}.`;
    case "accepted": {
      const until = acceptance?.until === undefined ? md`` : md` until ${text(acceptance.until)}`;
      const by = acceptance?.approver === undefined ? md`` : md` by ${code(acceptance.approver)}`;
      return md`The risk is accepted${until}${by}${place}. When that ends, this opens again.`;
    }
    default:
      return undefined;
  }
}

function issueOf(work: Work, assessment: Assessment, context: PresentContext): DesiredIssue {
  const due = work.closed === undefined ? dueOf(assessment, context) : undefined;
  const body = blocks([
    ownWords(`${writeMarker({ kind: "issue", threat: work.id })}`),
    storyLines(work),
    doneWhen(work),
    ...how(work, context),
    md`${from(work, assessment, context)}${ownWords(due?.words ?? "")}`,
  ]);
  return {
    threat: work.id,
    title: titleOf(work),
    body: cut(body, limits.comment),
    labels: ["threat-model", `risk: ${work.risk}`],
    state: work.orphaned ? "orphaned" : work.closed === undefined ? "open" : "closed",
    ...(due ? { due: due.day } : {}),
    because: work.closed?.markdown ?? "The model shows this threat as open again.",
    whenClosedByHand: closedByHand(work).markdown,
    ...(work.orphaned ? { whenOrphaned: orphanedWords(work, context).markdown } : {}),
  };
}

/**
 * The day by which a new threat is to be dealt with: TM-1 turns AMBER when the model has not followed a change within
 * `currency.green` days of its merge.
 */
function dueOf(
  { policy }: Assessment,
  { pullRequest }: PresentContext,
): { readonly day: string; readonly words: string } | undefined {
  const merged = Date.parse(pullRequest?.mergedAt ?? "");
  if (Number.isNaN(merged)) return undefined;
  const days = policy.currency.green;
  const day = dayOf(new Date(merged + days * 86_400_000).toISOString());
  return { day, words: dueWords(day, days) };
}

/** `[T-7c1e2q] What can happen: where (high, information disclosure)`; the id in front keeps two titles apart (H050). */
function titleOf(work: Work): string {
  const stride = work.stride.map((letter) => strideNames[letter].toLowerCase()).join(", ");
  const end = ` (${stride === "" ? work.risk : `${work.risk}, ${stride}`})`;
  const start = `[${plainLine(shortThreatId(work.id), 40)}] `;
  const element = work.element === undefined ? "" : plainLine(work.element, 60);
  const where = element === "" || work.title.includes(element) ? "" : `: ${element}`;
  const room = limits.issueTitle - start.length - where.length - end.length;
  return `${start}${plainLine(work.title, room)}${where}${end}`;
}

function storyLines({ story, written }: Work): Markdown {
  if (story) return md`**As** ${prose(story.as)} **I need** ${prose(story.need)} **so that** ${prose(story.so)}.`;
  return written?.description ? md`${prose(written.description)}` : md`The model has no story for this threat yet.`;
}

function doneWhen({ story, id, modelFile }: Work): Markdown {
  const criteria = (story?.acceptance ?? []).slice(0, 10).map((criterion) => prose(criterion));
  const listed = md`The control stands in ${code(modelFile)} under ${code(shortThreatId(id))}, with its test and the test's result.`;
  return md`**Done when**\n\n${entries([...criteria, listed], "numbers", 12)}`;
}

function how({ derived, risk }: Work, context: PresentContext): (Markdown | undefined)[] {
  if (!derived) return [];
  const { countermeasure, sample, training, drivers, rule } = derived;
  const because = drivers.map((driver) => prose(driver.because.replace(/[.\s]+$/, "")));
  const why = because.length === 0 ? md`${prose(derived.reason)}` : md`${joined(because)}.`;
  return [
    md`**How:** ${prose(countermeasure)}`,
    sample ? fence(sample.language, sample.code, 40) : undefined,
    md`**Learn:** ${link(text(training.title), training.url)} · **Why ${text(risk)}:** ${why} · ${link(md`rule`, rulePage(rule, context))}`,
  ];
}

function joined(pieces: readonly Markdown[]): Markdown {
  return pieces.reduce((all, piece) => md`${all}; ${piece}`);
}

/** Where it arose. Paths without lines: a moved line is no news for an issue. */
function from(work: Work, assessment: Assessment, context: PresentContext): Markdown {
  const system = work.system === undefined ? md`` : md` · system ${text(work.system)}`;
  if (work.written) return md`**From:** ${code(work.written.place.path)}${system}`;
  const page = pullRequestPage(context);
  const { number, author, mergedAt } = context.pullRequest ?? {};
  if (page === undefined || number === undefined) return md`**From:** ${code(assessment.subject.head)}${system}`;
  const by = author === undefined ? md`` : md` by ${code(author)}`;
  const merged = mergedAt === undefined ? md`` : md`, merged ${text(dayOf(mergedAt))}`;
  const path = work.derived ? md` · ${code(work.derived.place.path)}` : md``;
  return md`**From:** ${link(md`#${number}`, page)}${by}${merged}${path}${system}`;
}

/**
 * What would make a closing true, ready to be copied. A command finds the threat in any pull request once the model holds
 * it; what only the change of a merged one showed has to be written into the model.
 */
function closedByHand(work: Work): Markdown {
  const { id, modelFile, written, model } = work;
  const short = shortThreatId(id);
  const standing = written ? md`still shows ${code(short)} as open` : md`does not say what became of ${code(short)}`;
  return blocks([
    md`${closingMarker(id)}\n${code(modelFile)} ${standing}, so it still counts. This issue stays as you left it.`,
    ...(written
      ? [
          md`If it is settled, say what settled it in a comment of any open pull request, which answers with the change of the model:`,
          fence("text", commandsFor(short), 10),
          md`or write it into ${code(modelFile)} yourself:`,
        ]
      : [md`If it is settled, write what settled it into ${code(modelFile)}${model ? md`` : md`, a new file`}:`]),
    fence("yaml", modelChangeFor(work), 40),
  ]);
}

function commandsFor(short: string): string {
  return [
    `/threat mitigated ${short} by <path of the control, or its id in the model>`,
    `/threat not-applicable ${short} because <reason>`,
    `/threat accept ${short} until <YYYY-MM-DD> because <reason>`,
  ].join("\n");
}

/** The entries as our format has them. As they stand they count for nothing: a control that is only proposed mitigates nothing (H074). */
function modelChangeFor(work: Work): string {
  const { id, derived, written, model } = work;
  const control = written?.controls[0] ?? `C-${shortThreatId(id).replace(/^T-/, "")}`;
  const title = derived?.countermeasure ?? "<what was done>";
  return [
    ...(model ? [] : ["schemaVersion: 1"]),
    ...(written || !derived ? ["threats:", `  - id: ${quoted(id, 100)}`] : newEntries(derived, model)),
    "    status: mitigated",
    `    controls: [${quoted(control, 100)}]`,
    "controls:",
    `  - id: ${quoted(control, 100)}`,
    `    title: ${quoted(title, 200)}`,
    "    status: proposed # implemented, once its evidence names the place",
    '    evidence: ["<path of the control>"]',
  ].join("\n");
}

/** A threat that the model does not hold yet, and its element where that is new too. */
function newEntries({ id, element, place, stride, title, impact, likelihood }: Threat, model: Work["model"]): string[] {
  const known = model?.elements.some((one) => one.id === element.id) ?? false;
  const ownId = known
    ? element.id
    : element.id
        .replace(/[^A-Za-z0-9._-]+/g, "-")
        .replace(/^[^A-Za-z0-9]+/, "")
        .slice(0, 64);
  return [
    ...(known
      ? []
      : [
          "elements:",
          `  - id: ${quoted(ownId, 64)}`,
          `    type: ${element.type}`,
          `    name: ${quoted(element.name, 200)}`,
          `    files: [${quoted(place.path, 500)}]`,
        ]),
    "threats:",
    `  - id: ${quoted(id, 100)}`,
    `    element: ${quoted(ownId, 64)}`,
    `    stride: ${stride}`,
    `    title: ${quoted(title, 200)}`,
    `    impact: ${impact}`,
    `    likelihood: ${likelihood}`,
  ];
}

/** A value as YAML takes it whatever it holds: JSON is YAML. */
function quoted(value: string, most: number): string {
  return JSON.stringify(plainLine(value, most));
}

function orphanedWords({ id, modelFile }: Work, context: PresentContext): Markdown {
  const page = pullRequestPage(context);
  const number = context.pullRequest?.number;
  const by = page === undefined || number === undefined ? md`` : md` with ${link(md`#${number}`, page)}`;
  return md`${closingMarker(id)}\n${code(shortThreatId(id))} was deleted from ${code(modelFile)}${by}. Deleting a threat settles nothing, so this issue stays open, and nothing updates it any more. Put the threat back with what settles it, and this closes by itself; or close this, if what it was about is gone.`;
}

function closingMarker(id: string): Markdown {
  return ownWords(writeMarker({ kind: "closing", threat: id }));
}

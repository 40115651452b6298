import type { Assessment } from "../domain/assessment.ts";
import { writeMarker } from "../domain/marker.ts";
import type { Threat } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { blocks, entries, fence, fold } from "./blocks.ts";
import { type PresentContext, pullRequestPage } from "./context.ts";
import { type Work, workOf } from "./issue-work.ts";
import { code, link, type Markdown, md, ownWords, plainLine, text } from "./markdown.ts";

/* What is said where an issue is closed and its threat is not settled, and where a threat was deleted. */

/**
 * What would make a closing true, ready to be copied. A command finds the threat in any pull request once the model holds
 * it; what only the change of a merged one showed has to be written into the model.
 */
export function closedByHand(work: Work): Markdown {
  const { id, modelFile } = work;
  return blocks([
    md`${closingMarker(id)}\n${code(modelFile)} ${standingOf(work)}, so it still counts. This issue stays as you left it.`,
    ...howToSettle(work, md`a comment of any open pull request, which answers with the change of the model`),
  ]);
}

function standingOf({ id, written }: Work): Markdown {
  const short = code(shortThreatId(id));
  return written ? md`still shows ${short} as open` : md`does not say what became of ${short}`;
}

/** @param where a comment with a command may be written. */
function howToSettle(work: Work, where: Markdown): Markdown[] {
  const { id, modelFile, written, model } = work;
  return [
    ...(written
      ? [
          md`If it is settled, say what settled it in ${where}:`,
          fence("text", commandsFor(shortThreatId(id)), 10),
          md`or write it into ${code(modelFile)} yourself:`,
        ]
      : [md`If it is settled, write what settled it into ${code(modelFile)}${model ? md`` : md`, a new file`}:`]),
    fence("yaml", modelChangeFor(work), 40),
  ];
}

/** Issues of another tracker of which the change of the model is shown whole; the others are named. */
const mostChanges = 3;
const mostNamed = 10;

/**
 * Issues that people closed in another tracker while the model does not show their threats as settled: a status there
 * settles nothing, so the change of the model that would is proposed here, where the team works. In a public repository
 * they are counted and not named (H095).
 */
export function closedElsewhere(assessment: Assessment, context: PresentContext): Markdown | undefined {
  const work = workOf(assessment);
  const inModels = new Set(assessment.systems.flatMap(({ model }) => model?.threats.map(({ id }) => id) ?? []));
  const open = (context.closings ?? []).filter(({ threat }) => {
    const known = work.get(threat);
    return known ? known.closed === undefined : !inModels.has(threat);
  });
  if (open.length === 0) return undefined;
  const number = `${open.length} ${open.length === 1 ? "issue is" : "issues are"}`;
  const title = `${number} closed in Jira, and the model does not say what settled the threat`;
  if (!context.repository.isPrivate && !assessment.policy.publish.openThreats) {
    return md`${ownWords(title)}; not named here, because this repository is public (\`publish.openThreats\`).`;
  }
  const named = open.slice(0, mostNamed).map(({ threat, name }) => {
    const known = work.get(threat);
    const what = known ? md`${text(known.title, 150)}` : md`of an earlier change, not in the model`;
    return md`${code(name)}: ${code(shortThreatId(threat))} ${what}`;
  });
  const rest = open.length - named.length;
  const changes = open.flatMap(({ threat }) => work.get(threat) ?? []).slice(0, mostChanges);
  return fold(
    title,
    blocks([
      entries(rest > 0 ? [...named, md`and ${rest} more`] : named, "marks", mostNamed + 1),
      md`A status in Jira settles nothing: until the model says so, each of them counts.`,
      ...changes.flatMap((one) => [
        md`**${code(shortThreatId(one.id))}**`,
        ...howToSettle(one, md`a comment of this pull request`),
      ]),
    ]),
  );
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
  const known = model?.controls.find((one) => one.id === control);
  const title = derived?.countermeasure ?? known?.title ?? "<what was done>";
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

export function orphanedWords({ id, modelFile }: Work, context: PresentContext): Markdown {
  const page = pullRequestPage(context);
  const number = context.pullRequest?.number;
  const by = page === undefined || number === undefined ? md`` : md` with ${link(md`#${number}`, page)}`;
  return md`${closingMarker(id)}\n${code(shortThreatId(id))} was deleted from ${code(modelFile)}${by}. Deleting a threat settles nothing, so this issue stays open, and nothing updates it any more. Put the threat back with what settles it, and this closes by itself; or close this, if what it was about is gone.`;
}

function closingMarker(id: string): Markdown {
  return ownWords(writeMarker({ kind: "closing", threat: id }));
}

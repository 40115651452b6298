import { type Assessment, onceEach, type SystemAssessment } from "../domain/assessment.ts";
import { showPlace } from "../domain/problem.ts";
import { deliverableIds, deliverableNames } from "../domain/threat-model.ts";
import type { Timeline } from "../domain/timeline.ts";
import { evidenceLines } from "./evidence-lines.ts";
import { code, join, type Markdown, md, prose, sentence, text } from "./markdown.ts";
import { saidOf } from "./status.ts";

/** The most threats of a system, and the most lines of the timeline, that are listed. */
const most = 20;

const indicatorNames = [
  ["TM-1", md`TM-1 Currency`],
  ["TM-2", md`TM-2 Deliverables`],
  ["TM-3", md`TM-3 Review`],
  ["TM-4", md`TM-4 Integration`],
] as const;

/** What `threatgate status --format markdown` prints: the same as on a terminal, for an issue or a page. Everything foreign is inert. */
export function statusMarkdown(assessment: Assessment, timeline: Timeline): string {
  const pieces = assessment.systems.flatMap(systemPieces);
  const beside = assessment.evidence ? evidenceLines(assessment.evidence) : [];
  if (beside.length > 0)
    pieces.push(md`### Scanners, advisories and incidents`, listed(beside.map((one) => prose(one))));
  if (assessment.problems.length > 0)
    pieces.push(
      md`### Problems`,
      listed(
        assessment.problems.map((one) => md`${text(one.severity)} ${code(showPlace(one))}: ${sentence(one.what)}`),
      ),
    );
  pieces.push(...timelinePieces(timeline));
  return `${join(pieces, md`\n\n`).markdown}\n`;
}

function systemPieces(system: SystemAssessment): Markdown[] {
  const { home, modelFiles, openThreats } = system;
  const files = modelFiles.map((file) => code(file));
  const none = home?.unknown ? md`Its model, in ${code(home.repository)}, is not known.` : md`No threat model found.`;
  const pieces = [
    md`## ${text(system.name)}`,
    files.length === 0 ? none : md`Model: ${join(files, md`, `)}`,
    listed(
      indicatorNames.map(([id, name]) => {
        const { rag, why } = system.indicators[id];
        return md`**${name}: ${text(rag)}.** ${sentence(why)}`;
      }),
    ),
  ];
  const gaps = home?.unknown ? [] : deliverableIds.flatMap((id) => gapOf(system, id));
  if (gaps.length > 0) pieces.push(md`### Deliverables that lack something`, listed(gaps));
  if (openThreats.length > 0)
    pieces.push(
      md`### Open threats`,
      listed([
        ...openThreats
          .slice(0, most)
          .map(({ id, risk, title }) => md`${code(id)} ${text(risk ?? "unrated")}: ${text(title)}`),
        ...(openThreats.length > most ? [md`and ${openThreats.length - most} more`] : []),
      ]),
    );
  return pieces;
}

function gapOf(system: SystemAssessment, id: (typeof deliverableIds)[number]): Markdown[] {
  const { state, found, lacking } = system.deliverables[id];
  const [first, ...rest] = onceEach(lacking);
  if (state === "present" && first === undefined) return [];
  const more = rest.length > 0 ? md` (and ${rest.length} more)` : md``;
  return [md`**${text(deliverableNames[id])}** (${text(state)}): ${sentence(first?.says ?? found)}${more}`];
}

function timelinePieces(timeline: Timeline): Markdown[] {
  const source = timeline.verifiedByGitHub ? md`` : md` (commit dates, not verified by GitHub)`;
  const rows = saidOf(timeline).slice(-most);
  const earlier = timeline.entries.length - rows.length;
  return [
    md`### Timeline${source}`,
    rows.length === 0
      ? md`Nothing since the model was last touched.`
      : listed([
          ...(earlier > 0 ? [md`${earlier} earlier`] : []),
          ...rows.map(({ at, reference, what }) => md`${text(at.slice(0, 10))} ${code(reference)} ${prose(what)}`),
        ]),
  ];
}

function listed(rows: readonly Markdown[]): Markdown {
  return join(
    rows.map((row) => md`- ${row}`),
    md`\n`,
  );
}

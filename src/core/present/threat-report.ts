import type { Classification } from "../domain/classification.ts";
import { showPlace } from "../domain/problem.ts";
import { strideLetters } from "../domain/stride.ts";
import type { Threat } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import type { CountermeasurePlan, StrideGrid, ThreatReport } from "../domain/threat-report.ts";
import { blocks, cut, entries, fold, table } from "./blocks.ts";
import { code, join, type Markdown, md, ownWords, prose, sentence, text } from "./markdown.ts";
import { count, standsOut } from "./standing.ts";
import { byWords, distinctNames, firstOf, unsureWords } from "./threat-groups.ts";

/** As much as a comment or a page takes. */
const mostCharacters = 60_000;
const mostRows = 50;

/** What `threatgate threats --format markdown` prints for one model: what to do first, then why, then what nobody said. */
export function threatReportMarkdown(report: ThreatReport): string {
  const { file, classification, plan, questions, grid } = report;
  return cut(
    blocks([
      md`## Threats of ${code(file)}`,
      classification && classBlock(classification),
      plan.todo.length === 0 ? md`Nothing to do: no derived threat is open.` : todoTable(plan),
      plan.todo.length === 0
        ? undefined
        : fold(
            count(openIn(plan).length, "open threat"),
            blocks([unsureLine(openIn(plan)), threatTable(openIn(plan))]),
          ),
      plan.credited.length === 0
        ? undefined
        : fold(`Already there: ${count(plan.credited.length, "control")}`, creditedTable(plan)),
      questions.length === 0
        ? undefined
        : blocks([
            md`**Nobody says yet**`,
            entries(
              byWords(questions).map(({ names, words }) => md`${namesOf(names)}: ${prose(words)}`),
              "marks",
              mostRows,
            ),
          ]),
      plan.requirements.length === 0 ? undefined : requirementsBlock(plan),
      grid.rows.length === 0 ? undefined : gridBlock(grid),
    ]),
    mostCharacters,
  );
}

function classBlock({ riskClass, because, threshold, questions }: Classification): Markdown {
  const asked = questions.map(({ fact }) => code(fact));
  const open = asked.length === 0 ? md`` : md` Not stated: ${join(asked, md`, `)}.`;
  return md`Risk class **${text(riskClass)}**. ${sentence(because)} Open threats count from ${text(threshold)} risk on.${open}`;
}

function unsureLine(threats: readonly Threat[]): Markdown | undefined {
  const words = unsureWords(threats);
  return words === undefined ? undefined : sentence(words);
}

function namesOf(names: readonly string[]): Markdown {
  const { shown, more } = firstOf(names, 5);
  return md`${join(
    shown.map((name) => text(name, 60)),
    md`, `,
  )}${ownWords(more)}`;
}

function openIn({ todo }: CountermeasurePlan): readonly Threat[] {
  return todo.flatMap(({ threats }) => threats);
}

function todoTable({ todo }: CountermeasurePlan): Markdown {
  const rows = todo.map(({ does, effort, takes, answers, elements, requirements }) => [
    prose(does, 400),
    ownWords(answers.map(({ risk, count: many }) => `${many} ${risk}`).join(", ")),
    namesOf(distinctNames(elements)),
    effort === undefined
      ? md`not estimated`
      : takes === undefined
        ? text(effort)
        : md`${text(effort)} (${prose(takes)})`,
    ...(hasRequirements(todo) ? [requirements.length === 0 ? md`` : prose(requirements.join(", "), 300)] : []),
  ]);
  const head = [
    md`Do, most risk first`,
    md`Answers`,
    md`At`,
    md`Work`,
    ...(hasRequirements(todo) ? [md`Evidence for`] : []),
  ];
  return table(head, rows, mostRows);
}

function hasRequirements(todo: CountermeasurePlan["todo"]): boolean {
  return todo.some(({ requirements }) => requirements.length > 0);
}

function threatTable(threats: readonly Threat[]): Markdown {
  // Where nobody says anything of any of them, a column that repeats it is no help.
  const isMixed = new Set(threats.map(({ status }) => status)).size > 1;
  const rows = threats.map((threat) => [
    code(shortThreatId(threat.id)),
    standsOut(threat.risk) ? md`**${text(threat.risk)}**` : text(threat.risk),
    text(threat.element.name, 80),
    prose(threat.title),
    ...(isMixed ? [ownWords(threat.status === "unknown" ? "?" : "open")] : []),
  ]);
  return table([md`Id`, md`Risk`, md`Element`, md`Threat`, ...(isMixed ? [md`Answered`] : [])], rows, 200);
}

function creditedTable({ credited }: CountermeasurePlan): Markdown {
  const rows = credited.map(({ control, threats, places }) => [
    prose(control, 200),
    ownWords(count(threats.length, "threat")),
    join(
      places.slice(0, 4).map((place) => code(showPlace(place))),
      md`, `,
    ),
  ]);
  return table([md`Control`, md`Answers`, md`Shown by`], rows, mostRows);
}

function requirementsBlock({ requirements }: CountermeasurePlan): Markdown {
  const words = {
    open: "to do above",
    answered: "answered",
    "not-reached": "nothing in the model leads to it",
  } as const;
  const open = requirements.filter(({ state }) => state !== "answered").length;
  const rows = requirements.map(({ regulation, requirement, themes, state }) => [
    md`${text(regulation)} ${text(requirement)}`,
    prose(themes.join("; "), 300),
    ownWords(words[state]),
  ]);
  const title = `Requirements that apply: ${requirements.length}, ${open} of them open`;
  return fold(
    title,
    blocks([
      table([md`Requirement`, md`Theme`, md`State`], rows, 120),
      md`A pointer to evidence, not a claim of conformity.`,
    ]),
  );
}

const cellWords = { covered: "✓", "not-applicable": "–", open: "**?**" } as const;

function gridBlock({ rows, covered, notApplicable, open }: StrideGrid): Markdown {
  const shown = rows.map(({ element, cells }) => [
    text(element.name, 80),
    ...cells.map(({ state }) => ownWords(cellWords[state])),
  ]);
  const head = [md`Element`, ...strideLetters.map((letter) => text(letter))];
  return fold(
    `STRIDE as people wrote it: ${covered} considered, ${notApplicable} not applicable, ${open} open`,
    blocks([table(head, shown, 100), md`✓ considered, – not applicable, **?** open. What rules derive fills no cell.`]),
  );
}

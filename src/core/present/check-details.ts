import { type Assessment, type DeliverableVerdict, onceEach, type SystemAssessment } from "../domain/assessment.ts";
import type { Origin } from "../domain/policy.ts";
import { type Problem, showPlace } from "../domain/problem.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { deliverableIds, deliverableNames } from "../domain/threat-model.ts";
import { blocks, entries, fence, fold, table } from "./blocks.ts";
import { linkedPlace, type PresentContext } from "./context.ts";
import { evidenceLines } from "./evidence-lines.ts";
import { closedElsewhere } from "./issue-closing.ts";
import { code, join, type Markdown, md, ownWords, prose, sentence, text } from "./markdown.ts";
import { draftModels, type ModelDraft } from "./model-draft.ts";
import { concernedSystems, count, isTold, policyProblems, ragMarks, shortDeliverables } from "./standing.ts";

/** The folded part of a check: the text to add to the model, what is open in it, what was looked at and by which policy. */
export function checkDetails(assessment: Assessment, context: PresentContext): Markdown {
  return blocks([
    severalAtOnce(assessment),
    ...draftModels(assessment).map(draftBlock),
    ...concernedSystems(assessment).map((system) => openInModel(system, assessment, context)),
    closedElsewhere(assessment, context),
    besideTheModel(assessment),
    lookedAt(assessment, context),
  ]);
}

/** What scanners, advisories and incidents say: one line each. */
function besideTheModel({ evidence }: Assessment): Markdown | undefined {
  const lines = evidence ? evidenceLines(evidence) : [];
  if (lines.length === 0) return undefined;
  return blocks([
    md`**From scanners, advisories and incidents**`,
    entries(
      lines.map((line) => prose(line, 500)),
      "marks",
    ),
  ]);
}

/** As many answers for several threats as are said; the others stand with their threats. */
const mostShared = 3;

/** What answers several of the threats asked here: the shorter list to work by. */
function severalAtOnce({ countermeasures }: Assessment): Markdown | undefined {
  if (countermeasures === undefined) return undefined;
  const lines = countermeasures.slice(0, mostShared).map(({ does, effort, threats }) => {
    const ids = threats.slice(0, 8).map((id) => code(shortThreatId(id)));
    const more = threats.length > ids.length ? md` and ${threats.length - ids.length} more` : md``;
    return md`${prose(does, 200)}${effort === undefined ? md`` : md` (${text(effort)})`}: answers ${join(ids, md`, `)}${more}`;
  });
  return blocks([md`**One answer for several threats**`, entries(lines, "marks")]);
}

function draftBlock(draft: ModelDraft): Markdown {
  const where = draft.isWhole ? "Ready-made" : "Text to add to";
  const how = draft.isWhole
    ? md`Save it as ${code(draft.file)}. It is drafted from the questions above and counts as partial until you have edited it and emptied \`drafts\`.`
    : md`Each list goes under the key of the same name in ${code(draft.file)}. It is drafted from the questions above and counts as partial until you have edited it and taken the ids out of \`drafts\`.`;
  const whole = draft.isFirst
    ? md`It speaks of what this pull request changes alone: ${code("npx threatgate init")} in a clone drafts a first model of the whole repository, with its diagram.`
    : undefined;
  return fold(`${where} \`${draft.file}\``, blocks([how, whole, fence("yaml", draft.yaml, 600)]));
}

/** The eight deliverables of a system, folded under the one line that most people need. */
export function deliverablesBlock(system: SystemAssessment, context: PresentContext, head: string): Markdown {
  const short = shortDeliverables(system.deliverables);
  const names = short.map((id) => deliverableNames[id]).join(", ");
  const complete = deliverableIds.length - short.length;
  const named = names === "" || complete === 0 ? "" : `; short: ${names}`;
  const title = `Deliverables: ${complete} of ${deliverableIds.length} complete${named}`;
  const rows = deliverableIds.map((id) => deliverableRow(deliverableNames[id], system.deliverables[id], context, head));
  return fold(title, table([md`Deliverable`, md`State`, md`Where`, md`Lacking`], rows));
}

function deliverableRow(name: string, verdict: DeliverableVerdict, context: PresentContext, head: string): Markdown[] {
  const once = onceEach(verdict.lacking);
  const lacking = once.slice(0, 5).map(({ says, place, example }) => {
    const where = place ? md` (${linkedPlace(place, context, head)})` : md``;
    // A longer example would be cut to a line that says nothing.
    const isOneLine = example !== "" && !example.trim().includes("\n");
    return md`${sentence(says, 200)}${where}${isOneLine ? md` For example ${code(example.trim())}.` : md``}`;
  });
  if (once.length > 5) lacking.push(md`${once.length - 5} more`);
  const state = verdict.state === "not-carried" ? md`missing: not carried by this format` : text(verdict.state);
  return [
    text(name),
    state,
    verdict.where ? linkedPlace(verdict.where, context, head) : prose(verdict.found || "nowhere", 150),
    lacking.length === 0 ? ownWords(verdict.state === "present" ? "nothing" : "all of it") : join(lacking, md`<br>`),
  ];
}

/** The open threats of the model; in a public repository only their number, unless the policy publishes them (H095). */
function openInModel(system: SystemAssessment, assessment: Assessment, context: PresentContext): Markdown | undefined {
  const open = system.openThreats;
  if (open.length === 0) return undefined;
  if (!context.repository.isPrivate && !assessment.policy.publish.openThreats) {
    return md`${ownWords(count(open.length, "open threat"))} of the model ${ownWords(open.length === 1 ? "is" : "are")} not named here, because this repository is public (\`publish.openThreats\`).`;
  }
  const rows = open.map((threat) => [
    code(shortThreatId(threat.id)),
    text(threat.title, 150),
    text(threat.risk ?? "not rated"),
    linkedPlace(threat.place, context, assessment.subject.head),
  ]);
  const title = `${count(open.length, "open threat")} in the model of ${system.name}`;
  return fold(title, table([md`Id`, md`Threat`, md`Risk`, md`Where`], rows, 50));
}

function lookedAt(assessment: Assessment, context: PresentContext): Markdown {
  const { subject, lookedAt: looked, notInspected, versions } = assessment;
  const recorded = assessment.changes.filter((change) => !isTold(change)).length;
  const facts = [
    md`${code(subject.head)} against ${code(subject.base)}`,
    md`${ownWords(count(looked.files, "file"))} looked at, ${ownWords(notInspected.length === 0 ? "all inspected" : `${notInspected.length} not inspected`)}`,
    ...(recorded === 0
      ? []
      : [
          md`${ownWords(count(recorded, "change"))} recorded that ${ownWords(recorded === 1 ? "asks" : "ask")} for nothing`,
        ]),
    md`Threatgate ${text(versions.threatgate)}, rules ${code(versions.rules)}`,
    ...concernedSystems(assessment).flatMap((system) => classOf(system)),
    ...assessment.systems.flatMap((system) => approvals(system)),
    ...withheldIssues(assessment, context),
  ];
  const rows = notInspected.map((file) => [code(file.path), prose(file.reason)]);
  return fold(
    "What was looked at, which policy, which versions",
    blocks([
      entries(facts, "marks", 60),
      rows.length === 0 ? undefined : table([md`Not inspected`, md`Why`], rows, 50),
      policyTable(assessment),
    ]),
  );
}

/** The class of a system: why it has it, what that decides, what is still asked. */
function classOf({ name, classification }: SystemAssessment): Markdown[] {
  if (!classification) return [];
  const { riskClass, because, threshold, questions, decidedBy } = classification;
  const asked = decidedBy === "unknown" ? questions.map(({ fact }) => code(fact)) : [];
  const how = asked.length === 0 ? md`` : md` ${code("threatgate threats --questionnaire")} writes what is asked.`;
  return [
    md`risk class of ${prose(name)}: **${text(riskClass)}**. ${prose(because)} Open threats count from ${text(threshold)} risk on.${how}`,
  ];
}

function approvals(system: SystemAssessment): Markdown[] {
  const { notCounted, unknown } = system.review;
  const lines = notCounted
    .slice(0, 10)
    .map(({ account, why }) => md`review of ${code(account.login)} not counted: ${prose(why)}`);
  return unknown === undefined ? lines : [...lines, md`who is an architect is not known: ${prose(unknown)}`];
}

function withheldIssues(assessment: Assessment, context: PresentContext): Markdown[] {
  const { tracker, jira } = assessment.policy;
  if (tracker === "jira") {
    return jira.project === undefined
      ? [md`no issue will be opened: the policy names the tracker ${code("jira")} and no ${code("jira.project")}`]
      : [md`issues go to the Jira project ${code(jira.project)}`];
  }
  if (context.repository.isPrivate || assessment.policy.publish.issues) return [];
  const kept = new Set(
    [...assessment.threats, ...assessment.systems.flatMap((system) => system.openThreats)]
      .filter((threat) => threat.status === "open" && (threat.risk === "high" || threat.risk === "critical"))
      .map((threat) => threat.id),
  ).size;
  if (kept === 0) return [];
  return [
    md`no issue will be opened for ${ownWords(count(kept, "threat"))} of high risk or above: this repository is public (\`publish.issues\`)`,
  ];
}

/** Every key whose value is not the default, with where it came from. */
function policyTable(assessment: Assessment): Markdown {
  if (policyProblems(assessment).some(({ severity }) => severity === "error"))
    return md`Policy: cannot be used, see above.`;
  const values = flattened(assessment.policy);
  const rows = Object.entries(assessment.policy.origins)
    .filter(([, origin]) => origin.from !== "default")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, origin]) => [
      code(key),
      origin.hidden ? md`set by the organisation` : code(JSON.stringify(values.get(key) ?? null)),
      originOf(origin),
    ]);
  if (rows.length === 0) return md`Policy: none is set, so every key has its default (mode \`advise\`).`;
  return blocks([table([md`Policy`, md`Value`, md`From`], rows, 60), md`Every other key has its default.`]);
}

function originOf(origin: Origin): Markdown {
  const from =
    origin.place && !origin.hidden ? md`${text(origin.from)} (${code(showPlace(origin.place))})` : text(origin.from);
  return origin.locked ? md`${from}, locked` : from;
}

/** Values by dotted name, at every depth, lists whole. */
function flattened(value: object, prefix = ""): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, part] of Object.entries(value)) {
    const name = `${prefix}${key}`;
    found.set(name, part);
    if (typeof part === "object" && part !== null && !Array.isArray(part) && name !== "origins") {
      for (const [inner, deep] of flattened(part, `${name}.`)) found.set(inner, deep);
    }
  }
  return found;
}

/** A table of the four indicators of one system. */
export function indicatorTable(system: SystemAssessment, context: PresentContext, head: string): Markdown {
  const names = { "TM-1": "Currency", "TM-2": "Deliverables", "TM-3": "Review", "TM-4": "Integration" } as const;
  const rows = (["TM-1", "TM-2", "TM-3", "TM-4"] as const).map((id) => {
    const { rag, why, place } = system.indicators[id];
    const where = place ? md` (${linkedPlace(place, context, head)})` : md``;
    return [md`${text(id)} ${text(names[id])}`, ownWords(`${ragMarks[rag]} ${rag}`), md`${prose(why, 400)}${where}`];
  });
  return table([md`Indicator`, md``, md`Why`], rows);
}

/** A fault as a person can mend it: the place, what is wrong, what was expected, a line that would be right. */
export function problemLine(problem: Problem): Markdown {
  const place = code(showPlace(problem));
  const example = problem.example === undefined ? md`` : md` Example: ${code(problem.example.split("\n")[0] ?? "")}.`;
  return md`${place}: ${sentence(problem.what)} ${sentence(problem.hint)}${example}`;
}

import { strideNames } from "../domain/stride.ts";
import type { ModelFlow, ModelStory, ModelThreat, Stated, ThreatModel } from "../domain/threat-model.ts";
import { withDrawnParts, withNamesAsIds } from "./document-names.ts";
import { fitted, withControlsAsMitigations, withSafeIds } from "./fit.ts";
import type { Fitted, ModelWriter, WritingContext } from "./model-writer.ts";
import { cell, inline, paragraphs } from "./prose.ts";

/**
 * A document that people read and review, in the form in which teams write models: description, users, data, diagram,
 * threats, controls, stories, validation. Elements, flows and boundaries are known in it by their names.
 */
export const writer: ModelWriter = {
  name: "markdown",
  fileName: "threat-model.md",
  fit: (model) => fitted(model, inWords, withControlsAsMitigations, withDrawnParts, withSafeIds, withNamesAsIds),
  write: (model, context) =>
    `${documentOf(model, context)
      .filter((block) => block !== "")
      .join("\n\n")}\n`,
};

function inWords(model: ThreatModel): Fitted {
  return {
    model,
    notes: [
      "the document says everything in words; what is named as not carried stands in it, but is not read back as a part",
    ],
  };
}

function documentOf(model: ThreatModel, { mermaid }: WritingContext): string[] {
  const { system, documentation } = model;
  const name = system.name?.text;
  return [
    `# ${name === undefined ? "Threat model" : `${inline(name)}: threat model`}`,
    table(
      ["Document", ""],
      [
        ...row("Owner", (system.owner ?? documentation.owner)?.text),
        ...row("Authors", joined(documentation.authors)),
        ...row("Date", documentation.date?.text),
        ...row("Version", documentation.version?.text),
        ...row("Reviewers", joined(documentation.reviewers)),
        ...row("Exposure", system.exposure?.text),
        ...row("Criticality", system.criticality?.text),
      ],
    ),
    ...section("System overview", system.description === undefined ? "" : paragraphs(system.description.text)),
    ...section("Users", bullets(system.users.map(({ text }) => text))),
    ...section(
      "Data",
      table(
        ["Data", "Classification"],
        system.data.map(({ name: data, classification }) => [data, classification ?? ""]),
      ),
    ),
    ...section("Architecture", links(system.links)),
    ...section("Data flow diagram", mermaid === "" ? "" : fenced(mermaid)),
    ...section(
      "Details of the elements",
      table(
        ["Name", "Kind", "Technology", "Data", "Files", "Facts"],
        model.elements
          .filter((part) => part.technology ?? part.data[0] ?? part.files[0] ?? part.facts[0])
          .map(({ name: element, kind, type, technology, data, files, facts }) => [
            element,
            type ?? kind,
            technology ?? "",
            data.join(", "),
            files.join(", "),
            facts.map(({ fact, is }) => `${fact}: ${is}`).join(", "),
          ]),
      ),
    ),
    ...section(
      "Details of the flows",
      table(
        ["Between", "Carries", "Protocol", "Facts"],
        model.flows
          .filter((flow) => isOpen(flow) || (flow.data[0] ?? flow.protocol ?? flow.facts[0]))
          .map((flow) => [
            between(flow),
            flow.data.join(", "),
            flow.protocol ?? "",
            flow.facts.map(({ fact, is }) => `${fact}: ${is}`).join(", "),
          ]),
      ),
    ),
    ...section("Threats", threatTable(model.threats)),
    ...section(
      "Security controls",
      table(
        ["Control", "State", "Shown by"],
        model.controls.map(({ id, title, status, evidence }) => [`${id}: ${title}`, status ?? "", evidence.join(", ")]),
      ),
    ),
    ...section("Security user stories", model.stories.map(storyItem).join("\n")),
    ...section(
      "Validation plan",
      table(
        ["Control", "How", "Kind", "Result", "On"],
        model.validations.map(({ id, control, how, kind, result, date }) => [
          control ?? id,
          how,
          kind ?? "",
          result ?? "",
          date ?? "",
        ]),
      ),
    ),
    ...section(
      "Accepted",
      table(
        ["Id", "Reason", "Instead", "Level", "Approved by", "Until", "Looked at again"],
        model.acceptances.map(({ threat, reason, compensating, level, approver, until, review }) =>
          [threat, reason, compensating, level, approver, until, review].map((text) => text ?? ""),
        ),
      ),
    ),
    ...section(
      "Reviews of this model",
      table(
        ["By", "Role", "On", "Commit", "Outcome"],
        model.reviews.map(({ by, role, on, commit, outcome }) =>
          [by, role, on, commit, outcome].map((text) => text ?? ""),
        ),
      ),
    ),
  ];
}

/** A flow that leads to nothing is not drawn, since nobody could read that back: it stands here alone. */
function isOpen({ from, to }: ModelFlow): boolean {
  return from === "" || to === "";
}

/** "Shop to Mail, sends receipts". */
function between({ from, to, name }: ModelFlow): string {
  const [source, sink] = [from, to].map((end) => (end === "" ? "nothing" : end));
  return `${source} to ${sink}${name === undefined ? "" : `, ${name}`}`;
}

function threatTable(threats: readonly ModelThreat[]): string {
  return table(
    [
      "ID",
      "STRIDE",
      "Component",
      "Threat",
      "Description",
      "Impact",
      "Likelihood",
      "Risk",
      "Mitigation",
      "Status",
      "Reason",
    ],
    threats.map((threat) => [
      threat.id,
      threat.stride.map((letter) => strideNames[letter]).join(", "),
      threat.element ?? "",
      threat.title,
      threat.description ?? "",
      threat.impact ?? "",
      threat.likelihood ?? "",
      threat.risk ?? threat.riskStated ?? "",
      threat.mitigation ?? "",
      threat.status === "unknown" ? "" : threat.status.replace("-", " "),
      threat.reason ?? "",
    ]),
  );
}

function storyItem(story: ModelStory): string {
  const role = (story.as ?? "member of the team").replace(/^(an?|the)\s+/i, "");
  const wish = [
    `As ${/^[aeiou]/i.test(role) ? "an" : "a"} ${inline(role)}, I need ${inline(story.need ?? "")}`,
    ...(story.so === undefined ? [] : [`so that ${inline(story.so.replace(/^that\s+/i, ""))}`]),
  ].join(", ");
  const answers = story.threats.length === 0 ? [] : [`  - Answers: ${story.threats.map(inline).join(", ")}`];
  const tracked = story.issue === undefined ? [] : [`  - Tracked in: ${inline(story.issue)}`];
  const criteria = story.acceptance.map((criterion) => `    - ${inline(criterion)}`);
  return [
    `- ${wish}`,
    ...answers,
    ...tracked,
    ...(criteria.length === 0 ? [] : ["  - Acceptance criteria:", ...criteria]),
  ].join("\n");
}

function row(label: string, value: string | undefined): string[][] {
  return value === undefined || value === "" ? [] : [[label, value]];
}

function joined(list: readonly Stated[]): string | undefined {
  return list.length === 0 ? undefined : list.map(({ text }) => text).join(", ");
}

function section(title: string, content: string): string[] {
  return content === "" ? [] : [`## ${title}`, content];
}

function bullets(items: readonly string[]): string {
  return items
    .filter((item) => item.trim() !== "")
    .map((item) => `- ${inline(item)}`)
    .join("\n");
}

/** Columns in which no row says anything are left out; a table without rows is none. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const used = header.map(
    (title, index) => title === "" || index === 0 || rows.some((cells) => (cells[index] ?? "") !== ""),
  );
  const kept = (cells: readonly string[]): string => `| ${cells.filter((_, index) => used[index]).join(" | ")} |`;
  return [
    kept(header),
    kept(header.map(() => "---")),
    ...rows.map((cells) => kept(header.map((_, index) => cell(cells[index] ?? "")))),
  ].join("\n");
}

/** Paths of the repository and plain addresses as links; everything else as text. */
function links(list: readonly Stated[]): string {
  return list
    .map(({ text }) => (isPlainTarget(text) ? `- [${inline(text)}](${text})` : `- ${inline(text)}`))
    .join("\n");
}

function isPlainTarget(target: string): boolean {
  return (
    /^(https?:\/\/)?[A-Za-z0-9._~/-]+(\?[A-Za-z0-9._~/=&%-]*)?(#[A-Za-z0-9._~/-]*)?$/.test(target) &&
    !target.startsWith("//")
  );
}

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}mermaid\n${text}${fence}`;
}

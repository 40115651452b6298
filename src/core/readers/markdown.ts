import type { Problem } from "../domain/problem.ts";
import type { ModelPassage, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { wordsIn } from "../text/placeholders.ts";
import { drawnIn } from "./markdown/diagrams.ts";
import { documentFactsIn } from "./markdown/document-facts.ts";
import { markdownFromAsciidoc } from "./markdown/from-asciidoc.ts";
import { type AsMarkdown, markdownFromRst } from "./markdown/from-rst.ts";
import { parseMarkdown } from "./markdown/parse.ts";
import { emptyHeadings, passagesIn, substance } from "./markdown/passages.ts";
import { allSections, type Section, sectionsOf, textOf } from "./markdown/sections.ts";
import { storiesIn } from "./markdown/stories.ts";
import { surroundingsIn } from "./markdown/surroundings.ts";
import { type ThreatsFound, threatsIn } from "./markdown/threats.ts";
import { quote } from "./native-faults.ts";
import type { ModelReader } from "./reader.ts";

/**
 * Markdown as teams write it: judged by what stands under its headings, in its tables, labels, lists and diagrams.
 * reStructuredText and AsciiDoc are brought into the same form first, line for line.
 */
export const reader: ModelReader = {
  name: "markdown",
  wants: (path) => /\.(md|markdown|mdx|rst|adoc|asciidoc)$/i.test(path),
  recognises: () => true,
  read,
};

function read(path: string, text: string): ReadModel {
  const source = asMarkdown(path, text);
  const parsed = parseMarkdown(source.text);
  if ("unreadable" in parsed) {
    return {
      format: "markdown",
      isModel: false,
      problems: [
        {
          path,
          line: parsed.line,
          severity: "error",
          what: `The document is not read: it holds ${parsed.unreadable}.`,
          hint: "Split it, or take out what was generated.",
        },
      ],
    };
  }
  const top = sectionsOf(parsed.root);
  const found = threatsIn(top, path);
  const model = modelOf(path, top, found, documentFactsIn(parsed.root, top, path));
  const problems = [
    ...source.includes.slice(0, 20).map(({ target, line }) => notIncluded(path, line, target)),
    ...emptyHeadings(top)
      .slice(0, 20)
      .map((section) => emptyHeading(path, section)),
  ];
  const notModel = whyNoModel(path, top, model);
  if (notModel !== undefined)
    return { format: "markdown", isModel: false, unfilled: model, problems: [notModel, ...problems] };
  return { format: "markdown", isModel: true, model, problems };
}

function asMarkdown(path: string, text: string): AsMarkdown {
  if (/\.rst$/i.test(path)) return markdownFromRst(text);
  return /\.(adoc|asciidoc)$/i.test(path) ? markdownFromAsciidoc(text) : { text, includes: [] };
}

function notIncluded(path: string, line: number, target: string): Problem {
  return {
    path,
    line,
    severity: "warning",
    what: `The document takes in ${quote(target)}, which is not read with it.`,
    hint: "Nothing is included into a document. Name the other file among the models of the policy, or write what matters here.",
  };
}

function modelOf(
  path: string,
  top: Section,
  found: ThreatsFound,
  documentation: ThreatModel["documentation"],
): ThreatModel {
  const { system, passages } = surroundingsIn(top, path);
  const drawn = drawnIn(top, path);
  const inProse = passagesIn(top, path);
  const threatsInProse = inProse.some(({ deliverable }) => deliverable === "stride") || found.uncountable;
  return {
    ...emptyModel("markdown", [path]),
    system,
    ...drawn,
    threats: found.threats,
    controls: found.controls,
    validations: found.validations,
    stories: storiesIn(top, path),
    documentation,
    passages: strongest([...passages, ...found.passages, ...inProse]),
    uncounted: [
      ...(drawn.elements.length === 0 ? (["components"] as const) : []),
      ...(drawn.flows.length === 0 ? (["flows"] as const) : []),
      ...(drawn.boundaries.length === 0 ? (["boundaries"] as const) : []),
      ...(found.threats.length === 0 && threatsInProse ? (["threats", "mitigations"] as const) : []),
      ...(found.threats.some(({ status }) => status !== "unknown") ? [] : (["open"] as const)),
    ],
  };
}

/** Full passages before partial ones, so that the first is the one to show. */
function strongest(passages: readonly ModelPassage[]): ModelPassage[] {
  return [
    ...passages.filter(({ strength }) => strength === "full"),
    ...passages.filter(({ strength }) => strength === "part"),
  ];
}

function emptyHeading(path: string, section: Section): Problem {
  return {
    path,
    line: section.line,
    severity: "warning",
    what: `The heading ${quote(section.title)} has nothing under it but placeholders.`,
    hint: "Write it, or take the heading out: a heading alone counts for nothing.",
  };
}

/** A guide to the practice, an unfilled template, or a document about something else; undefined for a model. */
function whyNoModel(path: string, top: Section, model: ThreatModel): Problem | undefined {
  const sections = allSections(top);
  const words = substance(top);
  const about = (what: string, hint: string): Problem => ({ path, severity: "warning", what, hint });
  const drawn = model.diagrams.filter(({ isDataFlow }) => isDataFlow).length;
  const content = model.threats.length + model.flows.length + drawn + model.stories.length + model.controls.length;
  const index = model.threats.length === 0 ? pointsElsewhere(top) : [];
  if (index.length > 0)
    return about(
      `The document only points to others: ${index.slice(0, 3).map(quote).join(", ")}.`,
      "The documents it names are read when their names say threat model, or when the policy names them as the system's model.",
    );
  if (
    content === 0 &&
    words < 25 &&
    model.elements.length === 0 &&
    !model.passages.some(({ strength }) => strength === "full")
  )
    return about(
      "The document is an unfilled template: headings without content.",
      "Fill in what is known; headings alone are no model.",
    );
  if (model.threats.length + model.stories.length + model.controls.length === 0 && isGuide(path, sections)) {
    return about(
      "The document is a guide to threat modelling, not a model of a system.",
      "Keep the model in a file of its own, for example threat-model.yaml, and name it in the policy when it has another name.",
    );
  }
  const named =
    /threat|stride|security|attack|risk|abuse/i.test(path) ||
    sections.some(({ title }) => /threat|stride|attack|risk|security|amea[cç]a|위협/i.test(title));
  if (content === 0 && !named)
    return about(
      "The document does not speak of threats.",
      "A threat model describes the system, its flows and its threats.",
    );
  return undefined;
}

/** The documents that an index names: most of its lines are links, and it says where the model is. */
function pointsElsewhere(top: Section): string[] {
  const sections = allSections(top);
  const links = sections.flatMap(({ references }) =>
    references.filter(({ kind, url }) => kind === "link" && /^[^#:]+\.(md|mdx|ya?ml|json|rst|adoc)(#.*)?$/i.test(url)),
  );
  const text = sections.flatMap((section) => [section.title, textOf(section)]).join("\n");
  const says =
    /\b(canonical|actual|full|complete|current|detailed|per-?\w+)? ?threat models? (is|are|lives?|can be found|has moved|moved)\b|\bindex(es)? (of|related|the)\b|\bmoved to\b/i.test(
      text,
    );
  return says && links.length >= 1 && wordsIn(text) < 60 + 25 * links.length ? links.map(({ url }) => url) : [];
}

/** Whether the headings teach how to model threats instead of modelling a system. */
function isGuide(path: string, sections: readonly Section[]): boolean {
  const title = sections.find(({ title: text }) => text !== "")?.title ?? "";
  const name = path.split("/").at(-1) ?? path;
  const teaching = sections.filter(({ title: text }) =>
    /^(what is (a )?threat model|why (do )?(we )?(threat model|model threats)|when (to|should|do)\b|how (to|do (i|we|you))\b|who should|getting started|(threat model(l?ing)? )?(process|steps|workflow|methodolog(y|ies)|tools|training|resources|cadence|faq|templates?)$|further reading|step \d)/i.test(
      text,
    ),
  ).length;
  const practice =
    /model(l)?ing/i.test(name) ||
    /threat model(l)?ing/i.test(title) ||
    /guide|how[- ]to|handbook|playbook|policy|standard|process|training|template/i.test(`${name} ${title}`);
  return (
    practice &&
    (teaching >= 2 ||
      (teaching >= 1 && (sections.length <= 8 || /threat model(l)?ing/i.test(title))) ||
      /\b(guide|guidance|guidelines|how[- ]to|handbook|playbook|process|policy|standard|training)\b/i.test(title))
  );
}

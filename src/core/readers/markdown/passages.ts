import type { DeliverableId, ModelPassage } from "../../domain/threat-model.ts";
import { isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { columnsOf } from "./columns.ts";
import type { Entry } from "./entries.ts";
import { speaksOf } from "./languages.ts";
import { allEntries, allSections, type Section, textOf } from "./sections.ts";
import { readTable } from "./threat-tables.ts";
import { controlsToldIn } from "./told-controls.ts";
import {
  isBoundaryHeading,
  isExcludedHeading,
  isFlowHeading,
  isMitigationTitle,
  isThreatHeading,
  mentionsThreats,
  riskInTitle,
} from "./vocabulary.ts";

/** Headings whose content touches a deliverable without filling its fields, with the words for what was found. */
const touching: readonly (readonly [DeliverableId, RegExp, string])[] = [
  [
    "risk",
    /(?<!residual )risk (assessment|register|matrix|rating|analysis|summary|score)|\bdread\b|\bcvss\b|\bseverity\b|attack risks|heat ?map/i,
    "a section on the rating of risks",
  ],
  [
    "controls",
    /security (functions?|features?|properties|measures?|controls?|strategy|requirements|principles|mechanisms|practices)|isolation|hardening|best practices|compensating|control families|downstream responsibilit|security primitives|^what [\w. -]{2,30} guarantees?\b(?!.*\bnot\b)/i,
    "controls that are tied to no threat",
  ],
  [
    "stories",
    /security requirements?|^requirements$|user stor(y|ies)|abuse cases?|misuse cases?|cas d.abus|casos? de abuso|missbrauchs(?:f[aä]ll|szenari)|casi d.abuso|action (items?|plan)|next actions|(remediation|mitigation) (plan|roadmap|backlog)|\b(remediation|required|priority|immediate|corrective|follow-?up|planned) (actions|steps)\b|recommendations? (&|and) roadmap|evil user|attacker stor(y|ies)|(implementation|remediation|mitigation) (timeline|schedule)|(known|open|remaining) gaps|follow-?up (issues|items|actions|work)|^recommendations$|^(suggestions|recommendations) (to|for) (the )?(project|team|maintainers)|^project recommendations$|requisitos|plan de (acci[oó]n|remediaci[oó]n|mitigaci[oó]n)|plano de a[cç][aã]o|plan d.action|ma(ß|ss)nahmenplan|aktionsplan/i,
    "security requirements, abuse cases or action items",
  ],
  [
    "validation",
    /\btest(s|ing)?\b|validat|verif(y|ying|ication)|\baudits?\b|fuzz|penetration|pen-?test|\bscan(s|ning)?\b|review checklist|configuration checklist|did we do a good (enough )?job|invariants|assurance/i,
    "tests, scans or audits in general",
  ],
];

/** Headings that say "audit" or "verify" of what the product does, not of how it was examined. */
const productFeature =
  /\baudit[- ]?(trail|log|record|event|chain|stream|table|entr)|\b(email|identity|signature|token|age|phone|webhook|integrity|checksum|certificate|input|schema|request|data) (verif|validat)|\bverification (workflow|flow|code|level|link|key)|\bscan (anchor|target)|\b(input|data|schema) validation/i;

/** Words of testing inside sections on how the product is built. */
const testingPractice =
  /\b(unit|integration|end-to-end|e2e|regression|security|penetration|fuzz|automated|conformance|load) test(s|ing)?\b|\bfuzz(ing|ed)?\b|static (code )?analysis|code scanning|\bSAST\b|\bDAST\b|security (audit|review|assessment) (was|by|has|of)|vulnerability scan|dependabot|codeql|\bsnyk\b|golangci|trivy|CI tests/i;
/** A test, a scanner or a fuzzer by its name, or what was done with it, anywhere in the text. */
const testOfProduct =
  /\b(fuzz(ing|ed)? tests?|(covered|verified|proven|checked|tested|exercised) by [`\w:./→"' -]{0,80}\btests?\b|[`\s(][\w/.-]{1,80}[._-](test|spec)\.(ts|js|go|py|rs|java)\b|\bTest[A-Z]\w{5,80}|\b[A-Z][a-z]\w{2,60}[a-z]Tests?\b|tests::\w+|penetration[- ]test(s|ing|ed)?|pen-?test(s|ed|ing)?|govulncheck|tests \([^()]{0,60}\bfuzz|(function|stress|unit|integration|regression|security|fuzz)(, \w+)* (and \w+ )?tests?(ing)?\b[^.]{0,60}\b(run|automat|CI|commit|cover))/;
/** Testing by the kind of test, or an examination by somebody, wherever it is said. */
const testsInGeneral =
  /\b(?:unit|integration|end-to-end|e2e|regression|security|penetration|isolation|conformance|load|chaos|fuzz|adversarial)[ -](?:and [\w-]{3,20} )?test(?:s|ing|ed)?\b|\bpen-?test(?:s|ing|ed)?\b|\bfuzz(?:ing|ed|er)\b|\b(?:automated|explicit|comprehensive|adversarial|property) tests\b|\b(?:third[- ]party|external|independent|annual|periodic) (?:security |code |crypto\w{0,10} )?(?:audits?|assessments?|(?:security|code|cryptograph\w{1,4}) reviews?)\b|\bsecurity (?:audits|assessments|reviews)\b|\btests\/[\w./-]{3,80}|\b(?:full |whole |complete )?test suite\b|\b(?:npm|cargo|pip|yarn|pnpm)[ -]audit\b|\btested (?:extensively|thoroughly)\b|\b(?:reviewed|verified|checked) and tested\b|\btests? (?:asserts?|proves?|verif(?:y|ies)|confirms?) \w|\b(?:was|were|been|independently|externally) audited\b|\btests? (?:will be|must be|are) (?:done|run|written|performed|executed|added)\b|\btests should (?:include|cover|verify)\b|\bpruebas (?:de |automatizadas|unitarias)|\btests (?:automatizados|de (?:autorizaci|integraci|seguridad))|\btests? automatis[eé]s|单元测试|集成测试|渗透测试|模糊测试|단위 ?테스트|통합 ?테스트|침투 ?테스트|単体テスト|結合テスト|ペネトレーションテスト/i;
/** "Tested by `src/login.test.ts`": what a section says is held by a test that can be run. */
const namesItsTest =
  /\b(?:tested|verified|covered|exercised|proven) (?:by|in)\b.{0,120}?[\w/.-]{0,80}(?:[._-](?:test|spec)s?\b|\btests?\/\w|\btest_\w)/is;
const buildHeading = /development|pipeline|practices|security issue|hygiene|testing|quality|release|ci\/?cd|contribut/i;

/** Every passage of the document that speaks to a deliverable in prose. */
export function passagesIn(top: Section, path: string): ModelPassage[] {
  const found: ModelPassage[] = [];
  const add = (deliverable: DeliverableId, what: string, line: number): void => {
    if (!found.some((known) => known.deliverable === deliverable))
      found.push({ deliverable, strength: "part", what, place: { path, line } });
  };
  let plan: number | undefined;
  for (const section of allSections(top)) {
    if (section.level === 0 || !isFilled(section)) continue;
    const flow = allEntries(section).find(
      (entry) => /\bdata[- ]?flows?\b/i.test(entry.label ?? "") && isStatement(entry),
    );
    if (flow !== undefined) add("dfd", "flows in prose", flow.line);
    for (const [deliverable, pattern, what] of touching) {
      if (
        (section.level > 1 || /dread/i.test(section.title)) &&
        pattern.test(section.title) &&
        !/case stud/i.test(section.title) &&
        !(deliverable === "validation" && productFeature.test(section.title))
      )
        add(deliverable, what, section.line);
    }
    if (section.level > 1 && speaksOf("test", section.title) && !productFeature.test(section.title))
      add("validation", "tests, scans or audits in general", section.line);
    if (section.level > 1 && speaksOf("requirement", section.title))
      add("stories", "security requirements, abuse cases or action items", section.line);
    if (isMitigationTitle(section.title) && section.level > 1)
      add("controls", "a section on mitigations", section.line);
    if (section.level > 1 && /\bprotects? against\b|\b(?:is|'s|are) (?:not )?protected\b/i.test(section.title)) {
      add("stride", "what it protects against", section.line);
      if (!/\bnot\b|n't\b/i.test(section.title)) add("controls", "what it protects against", section.line);
    }
    for (const { label, entries } of allEntries(section)) {
      if (label === undefined || entries.length === 0) continue;
      if (/^(?:security )?action items$/i.test(label)) add("stories", "action items", section.line);
      if (/^compensating (?:mechanisms|controls)$/i.test(label))
        add("controls", "compensating mechanisms", section.line);
    }
    const table = section.blocks.find(
      (block) => block.kind === "table" && readTable(block, section, []).kind !== "matrix" && mitigates(block),
    );
    if (table !== undefined && section.level > 1) add("controls", "a column of mitigations", table.line);
    if (
      isBoundaryHeading(section.title) &&
      section.blocks.some((block) => block.kind === "table" && block.rows.length > 1)
    )
      add("dfd", "boundaries in a table", section.line);
    const listed = allEntries(section).find(
      ({ label, text, entries }) =>
        label !== undefined && text === "" && isMitigationTitle(label) && isListOfShort(entries),
    );
    if (listed !== undefined) add("controls", "a list of mitigations", listed.line);
    if (isThreatHeading(section.title) && section.level > 1) add("stride", "threats in prose", section.line);
    if (section.level <= 2 && mentionsThreats(section.title) && wordsIn(textOf(section, true)) >= 80)
      add("stride", "threats in prose", section.line);
    if (isBoundaryHeading(section.title) && section.level > 1 && tellsFlows(section))
      add("dfd", "flows across boundaries, in prose", section.line);
    if (isBoundaryHeading(section.title) && section.level > 1 && listsBoundaries(section))
      add("dfd", "boundaries in a list, without flows", section.line);
    if (isBoundaryHeading(section.title) && section.level > 1 && namesParts(section))
      add("dfd", "boundaries with what they hold, in prose", section.line);
    if (isFlowHeading(section.title) && section.level > 1) add("dfd", "flows or boundaries in prose", section.line);
    if (buildHeading.test(section.title) && testingPractice.test(textOf(section)))
      add("validation", "tests or scans of the product", section.line);
    else if (
      !isExcludedHeading(section.title) &&
      (testOfProduct.test(tellingOf(section)) || testsInGeneral.test(tellingOf(section)))
    )
      add("validation", "tests or scans named in the text", section.line);
    if (isTestPlan(section)) plan ??= section.line;
  }
  const crossed = allSections(top).find((section) => section.level > 1 && tabulatesCrossings(section));
  if (crossed !== undefined)
    found.push({
      deliverable: "dfd",
      strength: "full",
      what: "boundaries with the flows that cross them",
      place: { path, line: crossed.line },
    });
  const told = controlsToldIn(top);
  if (told !== undefined) add("controls", "what is done against attacks, told in prose", told);
  if (plan !== undefined)
    found.push({
      deliverable: "validation",
      strength: "full",
      what: "a plan that tests the threats or their mitigations",
      place: { path, line: plan },
    });
  const tested = allSections(top).filter((section) => section.level > 1 && namesItsTest.test(textOf(section)));
  if (tested.length >= 3)
    found.push({
      deliverable: "validation",
      strength: "full",
      what: "tests named for each area",
      place: { path, line: tested[0]?.line ?? 1 },
    });
  const answered = mitigatedSections(top);
  if (answered.length >= 3)
    found.push({
      deliverable: "controls",
      strength: "full",
      what: "mitigations for each area",
      place: { path, line: answered[0]?.line ?? 1 },
    });
  return found;
}

/** Two statements or more that each lead from one part to another: "Browser → API: credentials". */
function tellsFlows(section: Section): boolean {
  const arrows = /\S\s*(?:→|↔|⇄|<?-{1,2}>|<?={1,2}>)\s*\S/u;
  const told = allSections(section).flatMap(allEntries);
  return told.filter(({ label, text }) => arrows.test(`${label ?? ""} ${text}`)).length >= 2;
}

/** Three rows or more on boundaries, most of which name from where to where it is crossed: "B1: Kiosk → Office". */
function tabulatesCrossings(section: Section): boolean {
  if (!isBoundaryHeading(section.title)) return false;
  return section.blocks.some((block) => {
    if (block.kind !== "table") return false;
    const crossings = block.rows.filter(({ cells }) => cells.some((cell) => crossing.test(cell))).length;
    return crossings >= 3 && crossings * 2 > block.rows.length;
  });
}

const crossing = /[\p{L}\p{N})]\s{1,3}(?:\u2192|\u2194|\u21c4|<?-{1,2}>)\s{1,3}[\p{L}\p{N}(]/u;

/** Two boundaries or more as items of a list, or some sentences on them. */
function listsBoundaries(section: Section): boolean {
  if (riskInTitle(section.title) !== undefined) return false;
  const items = allEntries(section).filter(
    ({ isItem, label, text }) => isItem && isSubstantive(`${label ?? ""} ${text}`, 2),
  );
  return items.length >= 2 || wordsIn(textOf(section)) >= 40;
}

/** Two parts or more that are named and said something of: "**Relay**: volatile, keeps nothing". */
function namesParts(section: Section): boolean {
  const named = allEntries(section).filter(({ label, text }) => label !== undefined && isSubstantive(text, 3));
  return named.length >= 2 || section.children.filter((child) => isSubstantive(textOf(child), 5)).length >= 2;
}

/** Whether most rows of a table say what is done: against an attacker, at a boundary. */
function mitigates(table: {
  readonly header: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[] }[];
}): boolean {
  const column = columnsOf(table.header).indexOf("mitigation");
  const said = table.rows.filter(({ cells }) => column !== -1 && isSubstantive(cells[column], 2)).length;
  return said >= 2 && said * 2 > table.rows.length;
}

/** The text of a section with its tables. */
function tellingOf(section: Section): string {
  const tables = section.blocks.flatMap((block) =>
    block.kind === "table" ? block.rows.flatMap(({ cells }) => cells) : [],
  );
  return `${textOf(section)}\n${tables.join("\n")}`;
}

/** A section on testing that goes by the threats or their mitigations, not by the product. */
function isTestPlan(section: Section): boolean {
  if (section.level < 2) return false;
  if (
    !/\b(tests?|testing|validation|verification)\b.{0,20}\b(plan|strategy|matrix|approach|checklist|cases)\b|^security (tests?|testing|validation|verification)\b|\bthreat-driven testing\b|\bmitigations? (tests?|testing|validation|verification)\b/i.test(
      section.title,
    )
  )
    return false;
  const text = `${tellingOf(section)}\n${section.children.map(tellingOf).join("\n")}`;
  if (wordsIn(text) < 25) return false;
  return /\b(each|every|all) (\w+ )?(threats?|mitigations?|controls?)\b|\b(T|TM|THREAT)[-_ ]?\d{1,3}\b/i.test(text);
}

/** Sections that each end in what is done: a label over mitigations, or a heading of its own, with something under it. */
function mitigatedSections(top: Section): Section[] {
  return allSections(top).filter(
    (section) =>
      section.level > 1 &&
      (allEntries(section).some(
        (entry) => entry.label !== undefined && isMitigationTitle(entry.label) && isStatement(entry),
      ) ||
        section.children.some((child) => isMitigationTitle(child.title) && isFilled(child))),
  );
}

/** Text, a table or a diagram under the heading or below it, beyond placeholders and a template's questions. */
function isFilled(section: Section): boolean {
  const own = section.blocks.some((block) => {
    if (block.kind === "code") return block.text.trim() !== "";
    if (block.kind === "table")
      return block.rows.some(({ cells }) => cells.slice(1).some((cell) => isSubstantive(cell, 1)));
    return block.entries.some(isStatement) || isListOfShort(block.entries);
  });
  return own || section.children.some(isFilled);
}

/** Three items or more of a few words each: short, but said. */
function isListOfShort(entries: readonly Entry[]): boolean {
  const said = entries.filter(({ isItem, label, text }) => isItem && isSubstantive(`${label ?? ""} ${text}`, 2));
  return said.length >= 3;
}

function isStatement(entry: Entry): boolean {
  const text = `${entry.label ?? ""} ${entry.text}`.trim();
  if (isSubstantive(text, 5) && !/\?\s*$/.test(text)) return true;
  return (
    entry.text === "" || /\?\s*$/.test(text) ? entry.entries : [entry, ...entry.entries.filter(isStatement)]
  ).some((nested) => nested !== entry && wordsIn(nested.text) >= 3);
}

/** Headings of a deliverable with nothing, or only placeholders, under them (H065, H076). */
export function emptyHeadings(top: Section): Section[] {
  return allSections(top).filter(
    (section) =>
      section.level > 0 &&
      section.children.length === 0 &&
      section.references.length === 0 &&
      !section.blocks.some((block) => block.kind === "code" || (block.kind === "table" && block.rows.length > 0)) &&
      !isSubstantive(textOf(section), 2) &&
      (isThreatHeading(section.title) ||
        isMitigationTitle(section.title) ||
        isFlowHeading(section.title) ||
        isBoundaryHeading(section.title) ||
        touching.some(([, pattern]) => pattern.test(section.title)) ||
        /scope|asset|actor|overview|architecture|risk/i.test(section.title)),
  );
}

/** Words of the whole document that are neither headings nor placeholders. */
export function substance(top: Section): number {
  return allSections(top)
    .flatMap((section) => allEntries(section))
    .filter(({ text }) => isSubstantive(text, 3))
    .reduce((sum, { text }) => sum + wordsIn(text), 0);
}

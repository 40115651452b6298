import type { DesiredIssue } from "../domain/desired.ts";
import { writeMarker } from "../domain/marker.ts";
import type { NotInspected } from "../domain/problem.ts";
import type { Threat } from "../domain/threat.ts";
import { blocks, cut, entries, fence, fold, limits, table } from "./blocks.ts";
import { code, type Markdown, md, ownWords, sentence, text } from "./markdown.ts";

/** The identity of the issue: no threat's id holds a colon and a space. */
export const onboardingIdentity = "onboarding: first model";

/** Bytes of a model that an issue holds whole; half a file would be taken for a whole one. */
const mostBytes = 40_000;
/** Bytes of a diagram; GitHub itself draws none above 50,000 characters. */
const mostOfDiagram = 8_000;
const mostThreats = 8;

/** What the issue is made of. */
export interface OnboardingWords {
  readonly commit: string;
  readonly counts: {
    readonly elements: number;
    readonly flows: number;
    readonly boundaries: number;
    readonly threats: number;
    readonly questions: number;
  };
  /** The text of `threat-model.yaml`. */
  readonly model: string;
  /** In Mermaid. */
  readonly diagram?: string;
  readonly threats: readonly Threat[];
  readonly moreThreats: number;
  /** False where everybody reads it and the policy publishes no threats. */
  readonly withThreats: boolean;
  readonly notRead: readonly NotInspected[];
}

/**
 * The one issue that a repository without a threat model gets on installation: the derived model to be edited, its diagram
 * and its baseline threats. It belongs to the team from then on: it is never changed, closed or opened again by us.
 */
export function onboardingIssue(words: OnboardingWords): DesiredIssue {
  const { commit, counts, diagram, withThreats, notRead } = words;
  const isWhole = bytes(words.model) <= mostBytes;
  const get = isWhole
    ? md`Save the file below as ${code("threat-model.yaml")} (${code("npx threatgate init")} writes the same, with the diagram), read it, and correct what is wrong.`
    : md`Run ${code("npx threatgate init")} in a checkout: it writes ${code("threat-model.yaml")} and the diagram. The file is too long for an issue. Read it, and correct what is wrong.`;
  const body = blocks([
    ownWords(writeMarker({ kind: "issue", threat: onboardingIdentity })),
    md`Threatgate was installed here and found no threat model. This is a first one, derived from what the files at ${code(commit.slice(0, 12))} state: ${counted(counts.elements, "element")}, ${counted(counts.flows, "flow")}, ${counted(counts.boundaries, "boundary", "boundaries")}${withThreats ? md`, ${counted(counts.threats, "baseline threat")}` : md``}, and ${counted(counts.questions, "question")} that no file answers. **All of it is a draft until somebody has read it.**`,
    entries(
      [
        get,
        md`Answer its ${code("questionnaire")}, and take the ids of what is right out of ${code("drafts")}.`,
        md`Open a pull request with it: the check says what is still missing, and drafts the rest. Then close this issue.`,
      ],
      "numbers",
    ),
    diagram === undefined
      ? undefined
      : bytes(diagram) <= mostOfDiagram
        ? fence("mermaid", diagram, 2_000)
        : md`The diagram is too large for an issue; ${code("npx threatgate init")} draws it.`,
    withThreats ? threatBlock(words) : withheld,
    isWhole ? fold("`threat-model.yaml`", fence("yaml", words.model, 5_000)) : undefined,
    notReadBlock(notRead),
    md`This issue is opened once, and left to you: closed or deleted, it does not come again. The policy key ${code("onboarding")} decides whether there are any.`,
  ]);
  return {
    threat: onboardingIdentity,
    title: "Begin the threat model: a first draft from the repository's own files",
    body: cut(body, limits.comment),
    labels: ["threat-model"],
    state: "open",
  };
}

const withheld = md`**Threats** are not written here, because everybody can read this issue: ${code("npx threatgate init")} writes the baseline threats and their questions into the file in your own checkout. ${code("publish.openThreats")} in the policy would show them.`;

function threatBlock({ threats, moreThreats }: OnboardingWords): Markdown | undefined {
  const [first] = threats;
  if (!first) return undefined;
  const rows = threats
    .slice(0, mostThreats)
    .map((threat) => [
      text(threat.risk),
      text(threat.title, 160),
      code(threat.element.id, 80),
      sentence(threat.countermeasure, 240),
    ]);
  const others = threats.length - rows.length + moreThreats;
  return blocks([
    md`**Baseline threats**, the gravest first${others > 0 ? md` (${others} more in the file, or by ${code("npx threatgate threats threat-model.yaml")})` : md``}`,
    table([md`risk`, md`threat`, md`element`, md`what to do`], rows),
  ]);
}

function notReadBlock(notRead: readonly NotInspected[]): Markdown | undefined {
  if (notRead.length === 0) return undefined;
  const lines = notRead.map(({ path, reason }) => md`${code(path)}: ${sentence(reason, 200)}`);
  return blocks([md`**Not read**, and so not in the model:`, entries(lines, "marks", 10)]);
}

function counted(count: number, one: string, many = `${one}s`): Markdown {
  return md`${count} ${ownWords(count === 1 ? one : many)}`;
}

function bytes(value: string): number {
  return new TextEncoder().encode(value).length;
}

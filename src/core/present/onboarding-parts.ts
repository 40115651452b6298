import type { NotInspected } from "../domain/problem.ts";
import type { Threat } from "../domain/threat.ts";
import { blocks, entries, fence, table } from "./blocks.ts";
import { code, type Markdown, md, ownWords, sentence, text } from "./markdown.ts";

/* What the issue and the pull request with a first model have in common. */

/** The identity of both: no threat's id holds a colon and a space. */
export const onboardingIdentity = "onboarding: first model";

/** Bytes of a diagram; GitHub itself draws none above 50,000 characters. */
const mostOfDiagram = 8_000;
const mostThreats = 8;

/** What the issue, or the pull request, is made of. */
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

/** From which commit, and how much was derived. */
export function derivedWords({ commit, counts, withThreats }: OnboardingWords): Markdown {
  return md`derived from what the files at ${code(commit.slice(0, 12))} state: ${counted(counts.elements, "element")}, ${counted(counts.flows, "flow")}, ${counted(counts.boundaries, "boundary", "boundaries")}${withThreats ? md`, ${counted(counts.threats, "baseline threat")}` : md``}, and ${counted(counts.questions, "question")} that no file answers. **All of it is a draft until somebody has read it.**`;
}

/** The diagram, or where it is drawn; undefined where there is none. */
export function diagramBlock({ diagram }: OnboardingWords): Markdown | undefined {
  if (diagram === undefined) return undefined;
  if (bytes(diagram) <= mostOfDiagram) return fence("mermaid", diagram, 2_000);
  return md`The diagram is too large to be shown here; ${code("npx threatgate init")} draws it.`;
}

/** Where everybody reads it. */
export const withheld = md`**Threats** are not written here, because everybody can read it: ${code("npx threatgate init")} writes the baseline threats and their questions into the file in your own checkout. ${code("publish.openThreats")} in the policy would show them.`;

/** The gravest baseline threats, and where the others are. */
export function threatBlock({ threats, moreThreats }: OnboardingWords): Markdown | undefined {
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

/** What was not read is said. */
export function notReadBlock(notRead: readonly NotInspected[]): Markdown | undefined {
  if (notRead.length === 0) return undefined;
  const lines = notRead.map(({ path, reason }) => md`${code(path)}: ${sentence(reason, 200)}`);
  return blocks([md`**Not read**, and so not in the model:`, entries(lines, "marks", 10)]);
}

/** A number with its noun. */
function counted(count: number, one: string, many = `${one}s`): Markdown {
  return md`${count} ${ownWords(count === 1 ? one : many)}`;
}

/** Bytes of a text in UTF-8. */
export function bytes(value: string): number {
  return new TextEncoder().encode(value).length;
}

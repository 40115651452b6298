import { classify } from "./classify/classify.ts";
import { questionnaireEntries, questionnaireYaml } from "./classify/questionnaire.ts";
import type { Classification } from "./domain/classification.ts";
import { presets } from "./domain/policy-presets.ts";
import type { Rules } from "./domain/rules.ts";
import type { FileText } from "./domain/snapshot.ts";
import { emptyModel, type ThreatModel } from "./domain/threat-model.ts";
import type { ThreatReport } from "./domain/threat-report.ts";
import type { Palette } from "./present/terminal.ts";
import { threatReportMarkdown } from "./present/threat-report.ts";
import { explainedText, threatReportText } from "./present/threat-terminal.ts";
import { readOne } from "./readers/read-model.ts";
import { planCountermeasures } from "./threats/countermeasures.ts";
import { elicitModel, type ModelElicited } from "./threats/elicit-model.ts";
import { explainModel } from "./threats/explain.ts";
import { strideGrid } from "./threats/stride-grid.ts";
import { threatsOutput } from "./threats/threats-output.ts";

/** Everything that follows from one model file, taken by itself. */
export interface ThreatsOfFile extends ModelElicited, ThreatReport {
  /** Absent where the file could not be read as a model. */
  readonly model?: ThreatModel;
}

/**
 * Derives the threats of a model file, classifies its system by what the file says, and orders the countermeasures. The
 * policy is the default: a file alone has none.
 * @throws Error when a rule cannot be evaluated.
 */
export function threatsOfFile(file: FileText, rules: Rules): ThreatsOfFile {
  const { model, problems } = readOne(file);
  const elicited = model ? elicitModel(model, rules) : { threats: [], questions: [] };
  const classification = model && classified(model, rules);
  return {
    file: file.path,
    ...(model && { model }),
    problems,
    ...elicited,
    ...(classification && { classification }),
    plan: planCountermeasures(elicited.threats, rules, classification),
    grid: strideGrid(model ?? emptyModel("unknown", [file.path]), elicited.threats),
  };
}

function classified(model: ThreatModel, rules: Rules): Classification | undefined {
  if (!rules.classification) return undefined;
  return classify({ head: model, base: model, policy: { ...presets.ukhsa, origins: {} } }, rules.classification);
}

/** One line of `threatgate threats`. */
export function threatsJson(file: FileText, rules: Rules): object {
  const report = threatsOfFile(file, rules);
  const { classification, plan, grid } = report;
  return {
    ...threatsOutput(file.path, report),
    ...(classification && {
      classification: {
        riskClass: classification.riskClass,
        decidedBy: classification.decidedBy,
        because: classification.because,
        ...(classification.rule !== undefined && { rule: classification.rule }),
        threshold: classification.threshold,
        regulations: classification.regulations.map(({ id }) => id),
        questions: classification.questions,
      },
    }),
    countermeasures: plan.todo.map(({ threats, elements, doneWhen, ...rest }) => ({
      ...rest,
      doneWhen: Object.fromEntries(doneWhen),
      threats: threats.map(({ id }) => id),
      elements: elements.map(({ id }) => id),
    })),
    credited: plan.credited.map(({ control, threats }) => ({ control, threats: threats.map(({ id }) => id) })),
    requirements: plan.requirements,
    stride: {
      covered: grid.covered,
      notApplicable: grid.notApplicable,
      open: grid.open,
      rows: grid.rows.map(({ element, cells }) => ({
        element: element.id,
        cells: Object.fromEntries(cells.map(({ letter, state }) => [letter, state])),
      })),
    },
    problems: report.problems,
  };
}

/** `threatgate threats --format text`. */
export function threatsText(file: FileText, rules: Rules, palette: Palette): string {
  return threatReportText(threatsOfFile(file, rules), palette);
}

/** `threatgate threats --format markdown`. */
export function threatsMarkdown(file: FileText, rules: Rules): string {
  return `${threatReportMarkdown(threatsOfFile(file, rules))}\n`;
}

/**
 * `threatgate threats --explain`: an element by its id or name, or the one that a threat is about. Undefined when the file
 * holds no one thing that is meant.
 */
export function explainText(file: FileText, rules: Rules, wanted: string, palette: Palette): string | undefined {
  const { model } = readOne(file);
  const explained = model && explainModel(model, rules, wanted);
  return explained && explainedText(explained, palette);
}

/**
 * The section `questionnaire` for what the file leaves open and does not ask yet; empty when that is nothing. Where the file
 * has one already, the entries it lacks, without the key.
 */
export function questionnaireOf(file: FileText, rules: Rules): string {
  const { model, classification, questions, threats } = threatsOfFile(file, rules);
  if (!model) return "";
  const yaml = questionnaireYaml(
    questionnaireEntries(classification?.questions ?? [], questions, threats, model, rules.facts),
  );
  return model.questionnaire === undefined ? yaml : yaml.replace(/^questionnaire:\n/, "");
}

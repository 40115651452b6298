import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Rules } from "../../core/domain/rules.ts";
import type { FileText } from "../../core/domain/snapshot.ts";
import { plainPalette } from "../../core/judge.ts";
import { readOne } from "../../core/readers/read-model.ts";
import { explainText, questionnaireOf, threatsJson, threatsMarkdown, threatsText } from "../../core/threat-report.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { terminalPalette } from "../palette.ts";
import { WrongUse } from "../wrong-use.ts";
import { filesBelow, givenText } from "./given-files.ts";
import { noModel } from "./model-problems.ts";

interface Options {
  readonly batch?: string;
  readonly format: "json" | "text" | "markdown";
  readonly explain?: string;
  readonly questionnaire?: true;
  readonly color: boolean;
}

/** Files of a batch folder that are about the corpus, not models of it. */
const passedOver = new Set(["labels.json", "README.md"]);

/**
 * `threatgate threats`: what the library derives from a model, the countermeasures in the order of the risk they take
 * away, and what it asks. JSON lines unless another format is asked for; a batch is always JSON lines.
 */
export function addThreatsCommand(program: Command): void {
  program
    .command("threats")
    .description("the threats that a model's elements call for, what to do first, and open questions (JSON lines)")
    .argument("[file...]", "model files of any format")
    .option("--batch <dir>", "every file below a folder, each alone; `file` is the path relative to it")
    .addOption(new Option("--format <format>", "how to print").choices(["json", "text", "markdown"]).default("json"))
    .option(
      "--explain <element-or-threat>",
      "the facts of one element, its threats with their reasons, and why no others",
    )
    .option("--questionnaire", "the section of a model that asks for what nobody stated")
    .option("--no-color", "no colours")
    .action(async (files: string[], options: Options) => {
      if (files.length === 0 && options.batch === undefined) {
        throw new WrongUse("Name a model: threatgate threats threat-model.yaml, or --batch DIR.");
      }
      const rules = await readRules();
      let unread: WrongUse | undefined;
      for (const path of files) {
        const file = { path, text: await givenText(path) };
        process.stdout.write(printed(file, rules, options));
        const { model, problems } = readOne(file);
        if (!model) unread ??= noModel(path, problems);
      }
      // No threats because there is no model must not pass for no threats. A batch is of whatever lies in a folder.
      if (unread !== undefined) throw unread;
      if (options.batch === undefined) return;
      for (const path of await filesBelow(options.batch)) {
        if (passedOver.has(path)) continue;
        const file = { path, text: await givenText(join(options.batch, path)) };
        process.stdout.write(`${JSON.stringify(threatsJson(file, rules))}\n`);
      }
    });
}

function printed(file: FileText, rules: Rules, options: Options): string {
  const palette = options.color ? terminalPalette() : plainPalette;
  if (options.explain !== undefined) {
    const explained = explainText(file, rules, options.explain, palette);
    if (explained === undefined)
      throw new WrongUse(
        `${file.path} holds no one element or threat called ${JSON.stringify(options.explain)}. Name an element by its id, or a threat as \`threatgate threats\` lists it.`,
      );
    return explained;
  }
  if (options.questionnaire) return questionnaireOf(file, rules);
  if (options.format === "text") return threatsText(file, rules, palette);
  if (options.format === "markdown") return threatsMarkdown(file, rules);
  return `${JSON.stringify(threatsJson(file, rules))}\n`;
}

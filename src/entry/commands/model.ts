import { join } from "node:path";
import type { Command } from "commander";
import { inspectModel } from "../../core/inspect.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { WrongUse } from "../wrong-use.ts";
import { formatOption } from "./format-option.ts";
import { filesBelow, givenText } from "./given-files.ts";

interface Options {
  readonly batch?: string;
}

/** Files of a batch folder that are about the corpus, not models of it. */
const passedOver = new Set(["labels.json", "README.md"]);

/** `threatgate model`: reads models and judges their deliverables, each file alone. One JSON object a line. */
export function addModelCommand(program: Command): void {
  program
    .command("model")
    .description("read threat models: format, the eight deliverables, counts (JSON lines)")
    .argument("[file...]", "model files of any format")
    .option("--batch <dir>", "every file below a folder, each alone; `file` is the path relative to it")
    .addOption(formatOption("json"))
    .action(async (files: string[], options: Options) => {
      if (files.length === 0 && options.batch === undefined) {
        throw new WrongUse("Name a model: threatgate model threat-model.yaml, or --batch DIR.");
      }
      const rules = await readRules();
      const print = (path: string, text: string): void => {
        process.stdout.write(`${JSON.stringify(inspectModel({ path, text }, rules))}\n`);
      };
      for (const path of files) print(path, await givenText(path));
      if (options.batch === undefined) return;
      for (const path of await filesBelow(options.batch)) {
        if (!passedOver.has(path)) print(path, await givenText(join(options.batch, path)));
      }
    });
}

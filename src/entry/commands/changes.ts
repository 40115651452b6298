import { join } from "node:path";
import type { Command } from "commander";
import type { Rules } from "../../core/domain/rules.ts";
import { inspectChanges, textsNeeded } from "../../core/inspect.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { WrongUse } from "../wrong-use.ts";
import { formatOption } from "./format-option.ts";
import { filesBelow, givenFileList, textsBelow } from "./given-files.ts";

interface Options {
  readonly files?: string;
  readonly baseDir?: string;
  readonly headDir?: string;
  readonly batch?: string;
}

/** Files of a batch folder that are about the corpus, not changes of it. */
const passedOver = new Set(["labels.json", "repos.json"]);

/** `threatgate changes`: detection alone, on GitHub's file list. One JSON object a line. */
export function addChangesCommand(program: Command): void {
  program
    .command("changes")
    .description("only detection: what of a difference matters to security (JSON lines)")
    .option("--files <file>", `GitHub's "list pull request files" answer as JSON`)
    .option("--base-dir <dir>", "whole texts before the change, where known")
    .option("--head-dir <dir>", "whole texts after the change, where known")
    .option("--batch <dir>", "the same for every <dir>/<id>.json, with texts in <dir>/<id>/base and <dir>/<id>/head")
    .addOption(formatOption("json"))
    .action(async (options: Options) => {
      if (options.batch !== undefined) return printBatch(options.batch);
      if (options.files === undefined)
        throw new WrongUse("Name the file list: threatgate changes --files FILE.json, or --batch DIR.");
      print(await changesOf(await readRules(), options.files, options.files, options.baseDir, options.headDir));
    });
}

async function printBatch(folder: string): Promise<void> {
  const lists = (await filesBelow(folder)).filter((path) => !path.includes("/") && path.endsWith(".json"));
  const rules = await readRules();
  for (const name of lists.filter((list) => !passedOver.has(list))) {
    const id = name.slice(0, -".json".length);
    print(await changesOf(rules, id, join(folder, name), join(folder, id, "base"), join(folder, id, "head")));
  }
}

async function changesOf(rules: Rules, id: string, list: string, baseDir?: string, headDir?: string): Promise<object> {
  const files = await givenFileList(list);
  const before = new Map(files.map((file) => [file.filename, file.previous_filename ?? file.filename]));
  const wanted = [...new Set([...textsNeeded(files), ...files.map((file) => file.filename)])];
  const headTexts = await textsBelow(headDir, wanted);
  const baseTexts = await textsBelow(baseDir, [...new Set(wanted.map((path) => before.get(path) ?? path))]);
  return inspectChanges(id, { files, headTexts, baseTexts }, rules);
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

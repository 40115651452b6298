import { open } from "node:fs/promises";
import { type Command, Option } from "commander";
import { type Converted, convert, lossLines, type WrittenFormat, writtenFormats } from "../../core/fill.ts";
import { WrongUse } from "../wrong-use.ts";
import { givenText } from "./given-files.ts";
import { noModel, tellProblems } from "./model-problems.ts";

interface Options {
  readonly to: WrittenFormat;
  readonly out?: string;
  readonly force?: true;
  readonly syntax?: "yaml" | "json";
  readonly format: "text" | "json";
}

/** `threatgate convert`: writes a model in another format, and names what does not fit into it. */
export function addConvertCommand(program: Command): void {
  program
    .command("convert")
    .description("write a model in another format; what does not fit is listed")
    .argument("<file>", "a model of any format")
    .addOption(new Option("--to <format>", "what to write").choices(writtenFormats).makeOptionMandatory())
    .option("--out <file>", "write there instead of to standard output")
    .option("--force", "overwrite the file of --out")
    .addOption(
      new Option("--syntax <syntax>", "of native and otm; by the ending of --out, else yaml").choices(["yaml", "json"]),
    )
    .addOption(
      new Option("--format <format>", "text, or json: the text with all that did not fit")
        .choices(["text", "json"])
        .default("text"),
    )
    .action(async (file: string, options: Options) => {
      const syntax = options.syntax ?? (/\.json$/i.test(options.out ?? "") ? "json" : "yaml");
      const result = convert({ path: file, text: await givenText(file) }, options.to, syntax);
      if (!("text" in result)) throw noModel(file, result.problems);
      if (options.out !== undefined) await writeNew(options.out, result.text, options.force === true);
      if (options.format === "json")
        process.stdout.write(`${JSON.stringify(jsonOf(file, result, options.out), null, 2)}\n`);
      else {
        if (options.out === undefined) process.stdout.write(result.text);
        // A part with a fault was not read, so that reading back finds no loss of it.
        tellProblems(result.problems);
        process.stderr.write(lossLines(result).join(""));
      }
    });
}

function jsonOf(file: string, result: Converted, out: string | undefined): object {
  const { from, to, text, fileName, losses, notes, problems } = result;
  return {
    schemaVersion: 1,
    file,
    from,
    to,
    fileName,
    ...(out === undefined ? { text } : { out }),
    losses,
    notes,
    problems,
  };
}

/** Writes a file that is not there yet, or over it when told to. A link is never followed into place by accident. */
export async function writeNew(path: string, text: string, force: boolean): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, force ? "w" : "wx");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      throw new WrongUse(`${path} is there already. Name another file, or add --force to overwrite it.`);
    throw new WrongUse(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

import { lstat, mkdir, open, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Command } from "commander";
import { policyPath } from "../../core/domain/policy.ts";
import { type FirstModel, firstDrawingPath, firstModel } from "../../core/first-model.ts";
import { plainTerminal } from "../../core/judge.ts";
import { existingModel, worthForOnboarding } from "../../core/onboarding.ts";
import { git } from "../../shell/local/git.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { readTree } from "../../shell/local/tree.ts";
import { WrongUse } from "../wrong-use.ts";
import { formatOption } from "./format-option.ts";
import { textsBelow } from "./given-files.ts";

interface Options {
  readonly dryRun?: true;
  readonly force?: true;
  readonly format: "text" | "json";
}

const modelPath = "threat-model.yaml";

/** `threatgate init`: writes a first threat model from the repository's own files. */
export function addInitCommand(program: Command): void {
  program
    .command("init")
    .description(
      "derive a first threat-model.yaml from the repository's own files: elements, flows, boundaries, diagram, threats",
    )
    .argument("[dir]", "the repository (default: here)")
    .option("--dry-run", "print the model, and write nothing")
    .option("--force", "overwrite a threat-model.yaml that is there already, or write one beside another model")
    .addOption(formatOption("text", "json"))
    .action(async (dir: string | undefined, options: Options) => {
      const directory = resolve(dir ?? ".");
      if (!(await isFolder(directory))) throw new WrongUse(`${dir} is not a folder.`);
      const isDry = options.dryRun === true;
      const force = options.force === true;
      const taken = force ? undefined : await nameTaken(directory);
      // Said before the work is done: who has a model wants it kept.
      if (!isDry && taken !== undefined) throw new WrongUse(taken);
      const { first, there } = await firstModelOf(directory);
      const why = force ? undefined : (taken ?? besideAnother(there));
      if (!isDry && why !== undefined) throw new WrongUse(why);
      if (why !== undefined) process.stderr.write(`threatgate: ${plainTerminal(why)}\n`);
      const files = [
        { path: modelPath, text: first.text },
        ...(first.drawing === undefined || (!force && (await isThere(directory, firstDrawingPath)))
          ? []
          : [{ path: firstDrawingPath, text: first.drawing }]),
      ];
      if (!isDry) for (const file of files) await write(directory, file, force);
      process.stdout.write(
        options.format === "json"
          ? `${JSON.stringify(jsonOf(first, files, !isDry), null, 2)}\n`
          : textOf(first, files, isDry),
      );
    });
}

const wayOut = "Use `threatgate complete` to fill its gaps, or --force.";

async function nameTaken(directory: string): Promise<string | undefined> {
  if (!(await isThere(directory, modelPath))) return undefined;
  return `${modelPath} is there already, and is not overwritten. ${wayOut}`;
}

/** @param there path of a model that is there already. */
function besideAnother(there: string | undefined): string | undefined {
  if (there === undefined) return undefined;
  return `${there} is a threat model already: a second one beside it would be held against it. ${wayOut}`;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The first model, and the path of a model that is there already. */
async function firstModelOf(directory: string): Promise<{ readonly first: FirstModel; readonly there?: string }> {
  const tree = await readTree(directory, undefined, worthForOnboarding).catch((error: unknown) => {
    throw new WrongUse(
      `${directory} cannot be read as a git repository: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const [policy] = await textsBelow(directory, [policyPath]);
  const reading =
    policy === undefined ? ({ outcome: "absent" } as const) : ({ outcome: "present", text: policy.text } as const);
  const name = await nameOf(directory);
  const texts = { repository: { path: policyPath, reading } };
  const there = existingModel(tree.texts, texts, { owner: "local", name });
  return { first: firstModel({ name, ...tree }, texts, await readRules()), ...(there === undefined ? {} : { there }) };
}

/** The name under which the repository is known where it came from, else that of its folder. */
async function nameOf(directory: string): Promise<string> {
  const origin = await git(directory, ["config", "--get", "remote.origin.url"]).then(
    (out) => out.toString("utf8").trim(),
    () => "",
  );
  const remote = /^(?:https?|ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(origin)
    ? /([^/:]+?)(?:\.git)?\/?$/.exec(origin)?.[1]
    : undefined;
  return remote ?? basename(directory);
}

async function isThere(directory: string, path: string): Promise<boolean> {
  return (await lstat(join(directory, path)).catch(() => undefined)) !== undefined;
}

/** Writes one file inside the folder. A link is never followed, neither as the file nor on the way to it (H067). */
async function write(directory: string, { path, text }: { path: string; text: string }, force: boolean): Promise<void> {
  const full = join(directory, path);
  await mkdir(dirname(full), { recursive: true });
  const [top, folder] = [await realpath(directory), await realpath(dirname(full))];
  if (folder !== top && !folder.startsWith(`${top}${sep}`))
    throw new WrongUse(`${path} leads out of the repository by a link; nothing was written there.`);
  const found = await lstat(full).catch(() => undefined);
  if (found !== undefined && !(force && found.isFile()))
    throw new WrongUse(`${path} is there already and is no file that could be written.`);
  const file = await open(full, found === undefined ? "wx" : "r+");
  try {
    await file.truncate(0);
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

function textOf(first: FirstModel, files: readonly { path: string; text: string }[], isDry: boolean): string {
  if (isDry) return first.text;
  const { counts, derived } = first;
  const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;
  return [
    ...files.map(({ path }) => `Written: ${path}`),
    `  ${count(counts.elements, "element")}, ${count(counts.flows, "flow")}, ${count(counts.boundaries, "boundary", "boundaries")}, ${count(counts.threats, "baseline threat")}${first.moreThreats > 0 ? ` (${first.moreThreats} more of lower risk)` : ""}, ${count(counts.questions, "question")} that no file answers.`,
    ...(derived.notRead.length > 0
      ? [`  ${count(derived.notRead.length, "file")} could not be read; the model names them.`]
      : []),
    ...(counts.elements === 0
      ? [
          "  Nothing that runs was found in the files. Add the first elements by hand: docs/threat-model-format.md shows how.",
        ]
      : []),
    "  Everything is a draft: read it, correct it, answer the questionnaire, and take the ids out of `drafts`. Then: threatgate complete",
    "",
  ].join("\n");
}

function jsonOf(first: FirstModel, files: readonly { path: string; text: string }[], written: boolean): object {
  const { derived, counts, moreThreats } = first;
  return {
    schemaVersion: 1,
    written,
    files,
    counts,
    moreThreats,
    origins: Object.fromEntries(derived.origins),
    holds: Object.fromEntries(derived.holds),
    notRead: derived.notRead,
  };
}

import { resolve } from "node:path";
import type { Command } from "commander";
import { testOwnRules, testRules } from "../../core/inspect.ts";
import { loadRules, ownRuleFiles, readRules, shippedRules } from "../../shell/local/rule-files.ts";
import { WrongUse } from "../wrong-use.ts";
import { formatOption } from "./format-option.ts";

interface Options {
  readonly format: string;
}

/** `threatgate rules`: what is watched for and asked, and whether rules do what they say. */
export function addRulesCommand(program: Command): void {
  const rules = program.command("rules").description("list the rules, show one, run their own examples");
  rules
    .command("list")
    .description("all rules: kind, id, what they are about, what they say")
    .addOption(formatOption("text", "json"))
    .action(async (options: Options) => {
      const all = await readRules();
      const rows = [
        ...all.changes.map((rule) => ({ kind: "change", id: rule.id, says: rule.says, about: rule.category })),
        ...all.threats.map((rule) => ({ kind: "threat", id: rule.id, says: rule.title, about: rule.stride })),
      ];
      if (options.format === "json") {
        process.stdout.write(`${JSON.stringify({ schemaVersion: 1, version: all.version, rules: rows })}\n`);
        return;
      }
      for (const row of rows)
        process.stdout.write(`${row.kind.padEnd(7)} ${row.id.padEnd(44)} ${row.about.padEnd(20)} ${row.says}\n`);
    });
  rules
    .command("show")
    .description("one rule, as JSON")
    .argument("<id>", "id of a change rule or a threat rule")
    .addOption(formatOption("json"))
    .action(async (id: string) => {
      const all = await readRules();
      const rule = all.changes.find((one) => one.id === id) ?? all.threats.find((one) => one.id === id);
      if (!rule) throw new WrongUse(`No rule is called \`${id}\`. \`threatgate rules list\` shows all.`);
      process.stdout.write(`${JSON.stringify(rule, null, 2)}\n`);
    });
  rules
    .command("test")
    .description("whether files of rules are sound, and change rules do what their examples say; exit 1 when not")
    .argument("[dir]", "folder with changes/ and threats/ of one's own; default: the rules that ship")
    .addOption(formatOption("text", "json"))
    .action(async (dir: string | undefined, { format }: Options) => {
      const { count, failures } = await (dir === undefined ? testShipped() : testFolder(resolve(dir)));
      if (failures.length > 0) process.exitCode = 1;
      if (format === "json") {
        process.stdout.write(`${JSON.stringify({ schemaVersion: 1, rules: count, failures })}\n`);
        return;
      }
      for (const failure of failures) process.stdout.write(`${failure}\n`);
      process.stdout.write(`${count} rules, ${failures.length} failure${failures.length === 1 ? "" : "s"}\n`);
    });
}

interface Tested {
  readonly count: number;
  readonly failures: readonly string[];
}

async function testShipped(): Promise<Tested> {
  const { rules, problems } = await loadRules(shippedRules);
  const told = problems.map((one) => `${one.path}:${one.line ?? 1}: ${one.what} ${one.hint}`);
  return { count: rules.changes.length + rules.threats.length, failures: [...told, ...testRules(rules)] };
}

/** A folder of own rules. They speak of the facts that ship. */
async function testFolder(directory: string): Promise<Tested> {
  const files = await ownRuleFiles(directory);
  if (files.length === 0) {
    throw new WrongUse(`${directory} holds no rules: they stand in changes/<id>.yml and threats/<id>.yml below it.`);
  }
  return testOwnRules(files, await readRules());
}

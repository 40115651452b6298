// `npm run hostile`: runs every test whose title names a hostile case (`H001` to `H100`), long ones too, and says of each case
// whether it holds. The last line holds the figures; exits 0 when every case has a test and all of them hold.
//
//   npm run hostile                all cases, about ten minutes
//   npm run hostile -- H035 H071   these alone
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { hostileCases } from "../test/make/hostile-cases.ts";
import { allHold, figuresOf, idsIn, readReport, told } from "./hostile/cases.ts";
import { suitesThatName } from "./hostile/suites.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const only = process.argv.slice(2);
const wrong = only.filter((id) => idsIn(id)[0] !== id);
if (wrong.length > 0) {
  console.error(`hostile: ${wrong.join(", ")} is no case; they go by H001 to H100`);
  process.exit(2);
}
const asked: readonly string[] = only.length > 0 ? only : hostileCases;

const folder = await mkdtemp(join(tmpdir(), "threatgate-hostile-"));
try {
  const output = join(folder, "report.json");
  const ended = await runJest(await suitesThatName(only, join(root, "test")), output);
  const text = await readFile(output, "utf8").catch(() => undefined);
  // As a shell says of a program that was interrupted.
  if (ended === "interrupted") process.exitCode = 130;
  else if (text === undefined) throw new Error(`Jest left no report; it ended with ${ended}`);
  else process.exitCode = report(text);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Says what Jest's report comes to, and gives the exit code that follows. */
function report(text: string): number {
  const results = readReport(text, asked, only.length > 0 ? only : undefined);
  const failures = results.failures.map((failure) => ({ ...failure, file: relative(root, failure.file) }));
  console.log(told({ ...results, failures }));
  console.log(JSON.stringify(figuresOf(results)));
  return allHold(results) ? 0 : 1;
}

/** Runs the tests of these suites whose titles name a case; what Jest says goes to stderr. Gives Jest's exit code. */
function runJest(suites: readonly string[], output: string): Promise<number | null | "interrupted"> {
  const pattern = only.length > 0 ? `\\b(?:${only.join("|")})\\b` : "\\bH(?:0\\d\\d|100)\\b";
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const jest = join(root, "node_modules/jest/bin/jest.js");
  const options = ["--testNamePattern", pattern, "--json", "--outputFile", output, "--silent"];
  const paths = suites.map((path) => join(root, "test", path));
  const child = spawn(process.execPath, [...flags, jest, ...options, "--runTestsByPath", ...paths], {
    cwd: root,
    env: { ...process.env, LONG_TESTS: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let isInterrupted = false;
  // Each signal comes twice, from the terminal and from the launcher; nothing is left behind before Jest has ended.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      isInterrupted = true;
      child.kill(signal);
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(isInterrupted ? "interrupted" : code));
  });
}

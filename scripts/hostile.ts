// `npm run hostile`: runs every test whose title names a hostile case (`H001` to `H100`), long ones too, and says of each case
// whether it holds. The last line holds the figures; exits 0 when every case has a test and all of them hold.
//
//   npm run hostile                all cases, about ten minutes
//   npm run hostile -- H035 H071   these alone
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { hostileCases } from "../test/make/hostile-cases.ts";
import { allHold, figuresOf, idsIn, readReport, told } from "./hostile/cases.ts";

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
  const code = await runJest(await filesThatName(only), output);
  const text = await readFile(output, "utf8").catch(() => undefined);
  if (text === undefined) throw new Error(`Jest left no report; it ended with ${code}`);
  const results = readReport(text, asked, only.length > 0 ? only : undefined);
  const failures = results.failures.map((failure) => ({ ...failure, file: relative(root, failure.file) }));
  console.log(told({ ...results, failures }));
  console.log(JSON.stringify(figuresOf(results)));
  process.exitCode = allHold(results) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Files of tests in which one of these ids stands, or any where there are none. */
async function filesThatName(ids: readonly string[]): Promise<readonly string[]> {
  const all = await readdir(join(root, "test"), { recursive: true });
  const found: string[] = [];
  for (const path of all.filter((path) => path.endsWith(".test.ts")).toSorted()) {
    const named = idsIn(await readFile(join(root, "test", path), "utf8"));
    if (named.some((id) => ids.length === 0 || ids.includes(id))) found.push(join(root, "test", path));
  }
  return found;
}

/** Runs the tests of these files whose titles name a case; what Jest says goes to stderr. Gives the exit code. */
function runJest(files: readonly string[], output: string): Promise<number | null> {
  const pattern = only.length > 0 ? `\\b(?:${only.join("|")})\\b` : "\\bH(?:0\\d\\d|100)\\b";
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const jest = join(root, "node_modules/jest/bin/jest.js");
  const options = ["--testNamePattern", pattern, "--json", "--outputFile", output, "--silent"];
  const child = spawn(process.execPath, [...flags, jest, ...options, "--runTestsByPath", ...files], {
    cwd: root,
    env: { ...process.env, LONG_TESTS: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  // Ended from outside it leaves no workers behind.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
}

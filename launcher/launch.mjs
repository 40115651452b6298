// Runs a script of this package under a Node that satisfies `engines`, whatever Node started it.
// Plain JavaScript that Node 14 and newer can read, because it must run on machines whose Node is too old for the rest.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

/** Scripts that run Jest, which can load packages that are ES modules only from Node 24.9 on; everything else works with 22.20. */
const runningJest = /[/\\](?:verify|hostile)\.ts$/;

/** True when the running Node satisfies `engines` of package.json: ^22.20.0 || ^24.11.0 || >=26. */
export function satisfies(version, script) {
  const [major, minor] = version.split(".").map(Number);
  if (major === 22) return minor >= 20 && !runningJest.test(script);
  if (major === 24) return minor >= 11;
  return major >= 26;
}

/** Path of the Node that must run the script; installs the pinned one from the package registry on first use. */
function nodeToUse(script) {
  if (satisfies(process.versions.node, script)) return process.execPath;
  const folder = join(here, "node");
  const wanted = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).optionalDependencies;
  const name = `node-${process.platform}-${process.arch}`;
  if (!wanted?.[name]) {
    fail(
      `Threatgate needs Node 22.20, 24.11 or 26 and newer. This is ${process.version} on ${process.platform}-${process.arch}, for which no Node is bundled: install one of them.`,
    );
  }
  const binary = join(folder, "node_modules", name, "bin", "node");
  if (!existsSync(binary)) {
    process.stderr.write(
      `Node ${process.version} cannot run this; fetching Node ${wanted[name]} from the package registry (once).\n`,
    );
    const npm = spawnSync(
      "npm",
      ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
      {
        stdio: ["ignore", 2, 2],
        shell: process.platform === "win32",
      },
    );
    if (npm.status !== 0 || !existsSync(binary)) {
      fail("Could not fetch a newer Node. Install Node 24 yourself, or check that npm reaches its registry.");
    }
  }
  return binary;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** Runs `script` with `args` under a suitable Node, hands on signals, and exits as it exits. */
export function launch(script, args) {
  const node = nodeToUse(script);
  const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH].join(
    process.platform === "win32" ? ";" : ":",
  );
  // What Node compiled stays for the next start, which then takes half the time. The folder is the package's own, never a
  // shared one where somebody else could leave code. https://nodejs.org/api/module.html#module-compile-cache
  const cache = process.env.NODE_COMPILE_CACHE || join(root, "node_modules", ".cache", "compiled");
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", script, ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: path, NODE_COMPILE_CACHE: cache },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code === null ? (signal === "SIGINT" ? 130 : 143) : code));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  if (!script) fail("usage: node launcher/launch.mjs SCRIPT [ARGUMENT…]");
  launch(join(root, script), args);
}

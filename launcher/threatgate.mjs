#!/usr/bin/env node
// The `bin` of the package: the built command line where there is one, the sources in a clone.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./launch.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src", "entry", "cli.ts");
launch(existsSync(source) ? source : join(root, "dist", "src", "entry", "cli.js"), process.argv.slice(2));

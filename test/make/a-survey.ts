import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { surveyFiles } from "../../src/core/changes/survey.ts";
import type { Rules } from "../../src/core/domain/rules.ts";
import type { FileText } from "../../src/core/domain/snapshot.ts";
import type { Survey } from "../../src/core/domain/survey.ts";

/** A repository of a few files, read as a whole one is. */
export function aSurvey(files: Readonly<Record<string, string>>, rules: Rules): Survey {
  const texts = Object.entries(files).map(([path, text]): FileText => ({ path, text }));
  return surveyFiles("sample", Object.keys(files), texts, [], rules);
}

/** A sample repository of `test/cases/repositories`, by path. */
export function sampleRepository(name: string): Record<string, string> {
  const root = fileURLToPath(new URL(`../cases/repositories/${name}/`, import.meta.url));
  const files: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    files[full.slice(root.length)] = readFileSync(full, "utf8");
  }
  return files;
}

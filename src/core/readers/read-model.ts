import type { Problem } from "../domain/problem.ts";
import type { FileText } from "../domain/snapshot.ts";
import type { ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { limits } from "../text/limits.ts";
import { readForeignYaml, readOwnYaml } from "../text/yaml.ts";
import { withUniqueIds } from "./duplicates.ts";
import { readers } from "./index.ts";
import { mergeModels } from "./merge.ts";
import { quote } from "./native-faults.ts";
import type { ModelReader } from "./reader.ts";
import { referenceProblems } from "./references.ts";
import { formatClaimedBy, refusalOf } from "./refusals.ts";

export { countsOf } from "./counts.ts";
export { modelOutput } from "./model-output.ts";
export { isModelPath, wellKnownModelPaths } from "./model-paths.ts";

/**
 * Reads one file of any format. Never throws and never runs anything of the file; a file that is no model says why in
 * `problems`.
 */
export function readOne(file: FileText): ReadModel {
  const read = readAlone(file);
  return read.model === undefined ? read : finish(read.model, read.problems, [file.path], ownFiles([read]));
}

/**
 * Reads all files of one system's model into one model: parts with the same id are one, our own `threat-model.yaml` beside
 * a foreign file completes it, contradictions are told. Imports are followed within the given files; one that is not
 * among them is a problem.
 */
export function readModel(files: readonly FileText[]): ReadModel {
  const reads = files.map(readAlone);
  const problems = reads.flatMap((read) => read.problems);
  const models = reads.flatMap((read) => (read.model === undefined ? [] : [read.model]));
  const [first, ...others] = models;
  if (first === undefined) return { format: reads[0]?.format ?? "unknown", isModel: false, problems };
  const merged = mergeModels([first, ...others]);
  const given = files.map(({ path }) => path);
  return finish(merged.model, [...problems, ...merged.problems], given, ownFiles(reads));
}

/** The files that are in our own format: only their references are checked here. */
function ownFiles(reads: readonly ReadModel[]): ReadonlySet<string> {
  return new Set(reads.flatMap(({ format, model }) => (format === "native" && model !== undefined ? model.files : [])));
}

function finish(
  model: ThreatModel,
  problems: readonly Problem[],
  given: readonly string[],
  own: ReadonlySet<string>,
): ReadModel {
  const unread = importProblems(model, new Set(given));
  const references = unread.length > 0 ? [] : referenceProblems(model, own);
  return { format: model.format, isModel: true, model, problems: [...problems, ...unread, ...references] };
}

function importProblems(model: ThreatModel, given: ReadonlySet<string>): Problem[] {
  return model.imports.flatMap(({ text, place }): Problem[] => {
    const target = resolveImport(place.path, text);
    if (target !== undefined && given.has(target)) return [];
    return [
      {
        path: place.path,
        ...(place.line === undefined ? {} : { line: place.line }),
        severity: target === undefined ? "error" : "warning",
        what:
          target === undefined
            ? `The import ${quote(text)} leaves the repository.`
            : `The import ${quote(text)} was not read.`,
        hint:
          target === undefined
            ? "Name a file of this repository, relative to this one."
            : `${quote(target)} is not among the model's files. References into it could not be checked.`,
      },
    ];
  });
}

/** Path of an import relative to the repository; undefined when it would leave it (H067). */
export function resolveImport(from: string, target: string): string | undefined {
  const folders = from.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") folders.push(step);
    else if (folders.pop() === undefined) return undefined;
  }
  return folders.length === 0 ? undefined : folders.join("/");
}

/** What was read of a file, for as long as its text is held: one look at a repository asks for each file several times. */
const readBefore = new WeakMap<FileText, ReadModel>();

function readAlone(file: FileText): ReadModel {
  const known = readBefore.get(file);
  if (known !== undefined) return known;
  const read = readText(file);
  readBefore.set(file, read);
  return read;
}

function readText(file: FileText): ReadModel {
  // Line ends are no substance (H068): a file that only another system saved is the same model.
  const text = (file.text.startsWith("\uFEFF") ? file.text.slice(1) : file.text).replaceAll("\r\n", "\n");
  const format = formatClaimedBy(file.path);
  const limit = format === "native" || format === "markdown" ? limits.ownModelBytes : limits.foreignModelBytes;
  const refusal = refusalOf(file.path, text, limit);
  if (refusal !== undefined) return { format, isModel: false, problems: [refusal] };
  const reader = readerFor(file.path, text);
  if (reader === undefined) return notRecognised(file.path, text, format);
  const read = reader.read(file.path, text);
  if (read.model === undefined) return read;
  const unique = withUniqueIds(read.model);
  return { ...read, model: unique.model, problems: [...read.problems, ...unique.problems] };
}

function readerFor(path: string, text: string): ModelReader | undefined {
  const recognises = (reader: ModelReader): boolean => reader.wants(path) && reader.recognises(path, text);
  return (
    readers.find((reader) => reader.lastResort === undefined && recognises(reader)) ??
    readers.find((reader) => reader.lastResort === true && recognises(reader))
  );
}

/** A file under our own format's name that is no YAML at all is refused with its line (H056, H057), not taken for something else. */
function notRecognised(path: string, text: string, format: ReadModel["format"]): ReadModel {
  if (format === "native" && "unreadable" in readForeignYaml(text)) {
    const { problems } = readOwnYaml(path, text);
    return { format, isModel: false, problems };
  }
  return { format: "unknown", isModel: false, problems: [unknownFormat(path)] };
}

function unknownFormat(path: string): Problem {
  return {
    path,
    severity: "warning",
    what: "The file is not a threat model in any format that is known.",
    hint: "Known are threat-model.yaml, Markdown, Threat Dragon, Threagile, Threat Composer, Open Threat Model, threatcl, pytm, TicTaaC, .tm7, the OWASP threat model library, CycloneDX, and drawings of draw.io and PlantUML.",
  };
}

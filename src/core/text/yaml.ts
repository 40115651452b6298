import { Composer, type CST, type Document, type ErrorCode, Parser } from "yaml";
import type { Problem } from "../domain/problem.ts";
import { limits } from "./limits.ts";
import { misfitOf, withoutMark } from "./misfit.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import { Positions, type ValuePath } from "./positions.ts";
import { toldAtOpening } from "./yaml-brackets.ts";
import { withQuoteIndented } from "./yaml-quotes.ts";
import { shapeOfYaml, type YamlShape } from "./yaml-shape.ts";
import { type ValueRules, valueOfDocument, YamlFault } from "./yaml-values.ts";

/** One YAML document that was read: plain data (null, texts, numbers, booleans, lists, mappings), and its lines. */
export interface YamlDocument {
  readonly value: unknown;
  /** Line of the key (or list item) at the path, from 1; undefined when nothing is there. Costs the path's length. */
  readonly lineOf: (path: ValuePath) => number | undefined;
}

export interface YamlOptions {
  /** Largest size in UTF-8 bytes. */
  readonly bytes?: number;
  readonly nodes?: number;
}

type ForeignYaml = { readonly documents: readonly YamlDocument[] } | { readonly unreadable: string };

/**
 * Reads a file in a format of our own: YAML 1.2 core schema, one document, and none of what makes a text mean something
 * else than it shows: no anchors, aliases, merge keys, tags or directives, no key twice, bounded in size, depth and
 * number of values. `document` is absent when there is any problem. Never throws.
 */
export function readOwnYaml(
  path: string,
  text: string,
  options: YamlOptions = {},
): { readonly document?: YamlDocument; readonly problems: readonly Problem[] } {
  const refuse = (what: string, hint: string, line?: number) => ({
    problems: [{ path, ...(line !== undefined && { line }), severity: "error" as const, what, hint }],
  });
  const misfit = misfitOf(text, options.bytes ?? limits.ownModelBytes);
  if (misfit) return refuse(misfit.what, misfit.hint, misfit.line);
  const source = withoutMark(text);
  const [plain, another] = plainDocuments(source, options.nodes ?? limits.nodes) ?? [];
  if (plain && !another) return { document: plain, problems: [] };
  const positions = new Positions(source);
  const shape = shapeOfYaml(source, options.nodes ?? limits.nodes);
  const fault = faultOfShape(shape) ?? strictFault(shape, source);
  if (fault) return refuse(fault.message, fault.hint, positions.lineOfOffset(fault.offset));
  if (!shape.hasContent) return refuse("The file holds only comments.", "Write its content, or delete the file.");
  try {
    const rules = { aliases: false, refuseProto: true, mostNodes: options.nodes ?? limits.nodes };
    const [document] = readDocuments(source, positions, rules);
    if (!document) return refuse("The file holds no YAML document.", "Write its content, or delete the file.");
    return { document, problems: [] };
  } catch (caught) {
    if (!(caught instanceof YamlFault)) throw caught;
    const told = toldAtOpening(caught, source);
    return refuse(told.message, told.hint, positions.lineOfOffset(told.offset));
  }
}

/**
 * Reads YAML as other tools write it, inside the same limits: several documents, at most 100 aliases, merge keys, and
 * tags, which mark but never construct. `%YAML 1.1` changes nothing. A text that does not parse is unreadable, with the
 * reason and the line; that goes for templates such as Helm's too. Quoted texts that go on further to the left than YAML
 * allows are read as the other tools read them. Never throws.
 */
export function readForeignYaml(text: string, options: YamlOptions = {}): ForeignYaml {
  return readMendedYaml(text, options, mostMendings);
}

/** Each costs one more reading of the text. */
const mostMendings = 5;

function readMendedYaml(text: string, options: YamlOptions, mendings: number): ForeignYaml {
  const misfit = misfitOf(text, options.bytes ?? limits.foreignModelBytes);
  if (misfit) return { unreadable: misfit.what };
  const source = withoutMark(text);
  const mostNodes = options.nodes ?? limits.nodes;
  const plain = plainDocuments(source, mostNodes);
  if (plain) return { documents: plain };
  const positions = new Positions(source);
  const shape = shapeOfYaml(source, mostNodes);
  const fault = faultOfShape(shape) ?? (shape.aliases > limits.aliases ? tooManyAliases(shape) : undefined);
  if (fault) return { unreadable: `Line ${positions.lineOfOffset(fault.offset)}: ${fault.message}` };
  try {
    return { documents: readDocuments(source, positions, { aliases: true, refuseProto: false, mostNodes }) };
  } catch (caught) {
    if (!(caught instanceof YamlFault)) throw caught;
    const template = source.includes("{{")
      ? " The file looks like a template, which is YAML only once it is rendered."
      : "";
    const told = template === "" ? toldAtOpening(caught, source) : caught;
    const mended = told === caught || mendings === 0 ? undefined : withQuoteIndented(source, told.offset);
    if (mended !== undefined) return readMendedYaml(mended, options, mendings - 1);
    return { unreadable: `Line ${positions.lineOfOffset(told.offset)}: ${told.message}${template}` };
  }
}

/** Most texts need no more than this; the whole parser takes ten times as long. Undefined for the others. */
function plainDocuments(source: string, mostNodes: number): readonly YamlDocument[] | undefined {
  const positions = new Positions(source);
  return readPlainYaml(source, positions, mostNodes)?.map(({ value, start }) => ({
    value,
    lineOf: (path) => positions.line(value, start, path),
  }));
}

function readDocuments(source: string, positions: Positions, rules: ValueRules): readonly YamlDocument[] {
  const composer = new Composer({
    schema: "core",
    // The library's own check compares every key with every other one; keys are compared in yaml-values.ts.
    uniqueKeys: false,
    // Its messages quote the text around each error, which takes quadratic time when there are many errors.
    prettyErrors: false,
    logLevel: "silent",
  });
  stopAtFirstError(composer);
  const documents: YamlDocument[] = [];
  for (const token of new Parser().parse(source)) {
    if (token.type === "error") throw faultOfToken(token);
    for (const parsed of composer.next(token)) documents.push(readDocument(parsed, positions, rules));
  }
  for (const parsed of composer.end()) documents.push(readDocument(parsed, positions, rules));
  return documents;
}

/**
 * The library collects every error with a stack trace, seconds for a text that is wrong on each line, of which one is
 * ever told. Its handler is a plain property of the composer, called once per error in the order of the text.
 */
function stopAtFirstError(composer: Composer): void {
  let first: YamlFault | undefined;
  const onError = (
    source: number | readonly [number, number] | { readonly offset: number },
    code: ErrorCode,
    message: string,
    warning?: boolean,
  ): void => {
    if (warning) return;
    const offset = typeof source === "number" ? source : "offset" in source ? source.offset : source[0];
    // The library catches what is thrown inside a node and reports that as an error of the node around it.
    first ??= faultOfError(code, message, offset);
    throw first;
  };
  Object.defineProperty(composer, "onError", { value: onError });
}

function faultOfToken(token: CST.ErrorToken): YamlFault {
  const message = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
  return faultOfError("UNEXPECTED_TOKEN", message, token.offset);
}

function readDocument(parsed: Document.Parsed, positions: Positions, rules: ValueRules): YamlDocument {
  const [error] = parsed.errors;
  if (error) throw faultOfError(error.code, error.message, error.pos[0]);
  const value = valueOfDocument(parsed, positions, rules);
  const start = parsed.contents?.range?.[0] ?? parsed.range?.[0] ?? 0;
  return { value, lineOf: (path) => positions.line(value, start, path) };
}

function faultOfError(code: ErrorCode, message: string, offset: number): YamlFault {
  const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
    BAD_INDENT: "Line up the entries of one mapping or list in the same column.",
    BAD_SCALAR_START: "Put the text in quotes.",
    BLOCK_AS_IMPLICIT_KEY: "Put text that holds `: ` in quotes, or move what follows to lines of its own.",
    MISSING_CHAR: "Close every quote and bracket, and put a space after each colon.",
    MULTILINE_IMPLICIT_KEY: "Put a colon after the key, on the same line.",
    TAB_AS_INDENT: "Indent with spaces.",
  };
  return new YamlFault(
    `Not valid YAML: ${lowerFirst(message)}.`,
    offset,
    hints[code] ?? "Correct the line so that it is valid YAML.",
  );
}

function faultOfShape(shape: YamlShape): YamlFault | undefined {
  if (!shape.tooMuch) return undefined;
  return new YamlFault(`${shape.tooMuch.what}.`, shape.tooMuch.offset, "Flatten or split the file.");
}

function tooManyAliases(shape: YamlShape): YamlFault {
  return new YamlFault(`More than ${limits.aliases} aliases.`, shape.firstAlias ?? 0, "Write the values out.");
}

/** What our own formats refuse although YAML allows it, because a reviewer cannot see what it brings in. */
function strictFault(shape: YamlShape, source: string): YamlFault | undefined {
  const found: YamlFault[] = [];
  const add = (offset: number | undefined, what: string, hint: string) => {
    if (offset !== undefined) found.push(new YamlFault(what, offset, hint));
  };
  const directive = shape.firstDirective;
  if (
    directive !== undefined &&
    !/^%YAML 1\.2\s*$/m.test(source.slice(directive, source.indexOf("\n", directive) + 1 || undefined))
  ) {
    add(
      directive,
      "A `%` line at the start changes how the file is read.",
      "Delete the line; files are always read as YAML 1.2.",
    );
  }
  add(shape.firstAnchor, "An anchor (`&name`) is used.", "Write the value out at each place.");
  add(shape.firstAlias, "An alias (`*name`) is used.", "Write the value out; put text that begins with `*` in quotes.");
  add(shape.firstTag, "A tag (`!name`) is used.", "Write the plain value; put text that begins with `!` in quotes.");
  add(shape.secondDocument, "A second document begins (`---`).", "Keep one document in the file.");
  return found.sort((one, other) => one.offset - other.offset)[0];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

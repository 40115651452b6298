import { dotOf } from "./diagram/dot.ts";
import { mermaidOf } from "./diagram/mermaid.ts";
import type { Problem } from "./domain/problem.ts";
import type { FileText } from "./domain/snapshot.ts";
import { emptyModel, type ModelElement, type ModelFormat, type ThreatModel } from "./domain/threat-model.ts";
import { readOne } from "./readers/read-model.ts";
import { typeOf } from "./threats/component-type.ts";
import { type Loss, lossesBetween, type Syntax, type WrittenFormat, writeModel } from "./writers/write-model.ts";

export { lossLines, type Syntax, type WrittenFormat, writtenFormats } from "./writers/write-model.ts";

/*
 * Writing models: conversion, diagrams. Joins the rooms that read, write, draw and know the library.
 */

/** A model in another format, and everything of it that did not come along. */
export interface Converted {
  readonly from: ModelFormat;
  readonly to: WrittenFormat;
  readonly text: string;
  /** Usual name of such a file. */
  readonly fileName: string;
  /** Found by reading the text back and comparing, so that nothing can be lost silently. */
  readonly losses: readonly Loss[];
  /** What was said differently: new ids, texts that became parts. */
  readonly notes: readonly string[];
  /** Problems of the file that was read. */
  readonly problems: readonly Problem[];
}

/** Reads a file and writes its model in another format. `problems` alone when the file is no model. */
export function convert(
  file: FileText,
  to: WrittenFormat,
  syntax: Syntax = "yaml",
): Converted | { readonly problems: readonly Problem[] } {
  const read = readOne(file);
  if (read.model === undefined) return { problems: read.problems };
  return { from: read.format, to, ...written(read.model, to, syntax), problems: read.problems };
}

/** Writes a model and reads it back. */
export function written(
  model: ThreatModel,
  to: WrittenFormat,
  syntax: Syntax,
): Pick<Converted, "text" | "fileName" | "losses" | "notes"> {
  const typed = to === "native" ? withTypes(model) : { model, notes: [] };
  const { text, fitted, notes, fileName } = writeModel(typed.model, to, syntax, (one) => mermaidOf(one, "names"));
  const path = syntax === "json" && to === "native" ? "threat-model.json" : fileName;
  const back = readOne({ path, text });
  const losses = lossesBetween(fitted, back.model ?? back.unfilled ?? nothingOf(fitted));
  return { text, fileName: path, losses, notes: [...typed.notes, ...notes] };
}

/** The same model with nothing in it. */
function nothingOf({ format, files, notCarried, uncounted }: ThreatModel): ThreatModel {
  return { ...emptyModel(format, files), notCarried, uncounted };
}

/** Our own format asks for a type of each element: the one that the library takes it for, by technology and name. */
function withTypes(model: ThreatModel): { readonly model: ThreatModel; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const elements = model.elements.map((element): ModelElement => {
    if (element.type !== undefined) return element;
    const type = typeOf(element);
    if (!/^(process|data-store|external-entity|data-flow)$/.test(type))
      notes.push(`element "${element.name}" has the type ${type}, by its technology or name`);
    return { ...element, type };
  });
  return { model: { ...model, elements }, notes };
}

/** The data flow diagram of a file's model; `problems` alone when it is no model, `empty` when it draws nothing. */
export function diagramOf(
  file: FileText,
  format: "mermaid" | "dot",
):
  | { readonly text: string; readonly parts: number; readonly problems: readonly Problem[] }
  | { readonly text?: undefined; readonly problems: readonly Problem[] } {
  const { model, problems } = readOne(file);
  if (model === undefined) return { problems };
  const text = format === "dot" ? dotOf(model) : mermaidOf(model);
  return { text, parts: model.elements.length + model.flows.length, problems };
}

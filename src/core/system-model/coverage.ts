import type { Place } from "../domain/problem.ts";
import { showPlace } from "../domain/problem.ts";
import type { ModelElement, ThreatModel } from "../domain/threat-model.ts";
import { compileGlobs } from "../text/globs.ts";
import { kindOf } from "./components.ts";
import { slug } from "./names.ts";
import type { Component } from "./parts.ts";

/*
 * How the written model and what the repository's files state differ. A report for people, never a verdict: old debt fails nobody.
 */

/** A part that the files state and the model does not mention. */
export interface Unmodelled {
  readonly name: string;
  readonly type: string;
  readonly where: Place;
}

/** A part of the model whose files are all gone. */
export interface Gone {
  readonly id: string;
  readonly name: string;
  readonly where: Place;
  /** The paths or patterns that match nothing any more. */
  readonly files: readonly string[];
}

export interface Coverage {
  /** Parts that the files state. */
  readonly found: number;
  readonly modelled: number;
  readonly unmodelled: readonly Unmodelled[];
  readonly gone: readonly Gone[];
}

/**
 * Compares by id, name, technology, listed files and type, in this order. An element that lists no files is never called gone: nobody
 * can tell. A component is modelled, too, where its folder lies in an element that lists it.
 * @param paths every path of the repository.
 */
export function coverageOf(components: readonly Component[], model: ThreatModel, paths: readonly string[]): Coverage {
  const names = new Set(
    model.elements.flatMap(({ id, name, technology }) => [slug(id), slug(name), slug(technology ?? "")]),
  );
  names.delete("");
  const listed = model.elements.map((element) => ({ element, globs: compileGlobs(element.files) }));
  const unmodelled = components
    .filter(
      (component) =>
        !names.has(slug(component.id)) &&
        !names.has(slug(component.name)) &&
        !isListed(component, listed) &&
        !isOnlyOfType(component, components, model),
    )
    .map(({ name, type, places }): Unmodelled => ({ name, type, where: places[0] ?? { path: "" } }));
  const gone = model.elements
    .filter(({ files }) => files.length > 0 && !anyExists(files, paths))
    .map(({ id, name, place, files }): Gone => ({ id, name, where: place, files }));
  return { found: components.length, modelled: components.length - unmodelled.length, unmodelled, gone };
}

/** Processes are known by their files; one file often declares several stores or partners, so these need a name. */
function isListed(
  { files, places, type }: Component,
  listed: readonly { readonly element: ModelElement; readonly globs: ReturnType<typeof compileGlobs> }[],
): boolean {
  return listed.some(({ element, globs }) => {
    if (element.kind !== kindOf(type) || element.files.length === 0) return false;
    if (kindOf(type) !== "process") return element.type === type && places.some(({ path }) => globs.matches(path));
    return [...files, ...places.map(({ path }) => path)].some((file) => {
      const plain = file.replace(/\/\*\*$/, "");
      return element.files.includes(file) || globs.matches(file) || globs.matches(`${plain}/_`);
    });
  });
}

/** The one cache of the files is the one cache of the model, whatever each calls it. */
function isOnlyOfType({ type }: Component, components: readonly Component[], model: ThreatModel): boolean {
  if (kindOf(type) === "process" && type !== "cicd-pipeline") return false;
  if (type === "third-party-saas" || type === "external-entity") return false;
  return (
    components.filter((one) => one.type === type).length === 1 &&
    model.elements.filter((one) => one.type === type).length === 1
  );
}

function anyExists(files: readonly string[], paths: readonly string[]): boolean {
  const globs = compileGlobs(files);
  const known = new Set(paths);
  return files.some((file) => known.has(file)) || paths.some((path) => globs.matches(path));
}

/** Parts named in a text for people; the JSON has all. */
const mostNamed = 8;

/** The report in a few lines; none where model and files agree. */
export function coverageLines({ found, modelled, unmodelled, gone }: Coverage): string[] {
  if (unmodelled.length === 0 && gone.length === 0) return [];
  const lines = [`coverage: ${modelled} of ${found} parts that the repository's files state are in the model`];
  for (const { name, type, where } of unmodelled.slice(0, mostNamed))
    lines.push(`  not modelled  ${name} (${type})  ${showPlace(where)}`);
  if (unmodelled.length > mostNamed)
    lines.push(`  and ${unmodelled.length - mostNamed} more that are not modelled; --format json lists all`);
  for (const { name, where, files } of gone.slice(0, mostNamed))
    lines.push(`  gone          ${name}  ${showPlace(where)}: nothing is left of ${files.slice(0, 3).join(", ")}`);
  if (gone.length > mostNamed) lines.push(`  and ${gone.length - mostNamed} more whose files are gone`);
  return lines;
}

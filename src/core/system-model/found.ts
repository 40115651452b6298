import type { ElementType } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import type { Place } from "../domain/problem.ts";

/*
 * What one source of evidence found, before it is joined with what the others found. Nothing here is a guess: each part has the
 * place that states it, and what no file states is absent.
 */

/** A component, store or outside party as one source sees it. */
export interface FoundElement {
  /** Identity of this finding, of the source's own making: its kind, path and name. Never shown. */
  readonly key: string;
  /** The name people know it by; ids are made of it. */
  readonly name: string;
  /** What it is. Absent where a source sees that something runs, but not what: another may know. */
  readonly type?: ElementType;
  readonly technology?: string;
  /** Names under which other parts reach it: service names, host names, addresses of resources. Compared in lower case. */
  readonly aliases: readonly string[];
  /** Folder of its code, `""` for the top; what is built from one folder is one component. */
  readonly folder?: string;
  /** Repository of the image it runs or is built as. */
  readonly image?: string;
  /** Repository of the image it runs, whatever is known of the product in it. */
  readonly runs?: string;
  /** Names of the projects that it says it is built from. */
  readonly builds?: readonly string[];
  /** Path of the Dockerfile that it says it is built by. */
  readonly builtBy?: string;
  /** Paths or patterns that implement it. */
  readonly files: readonly string[];
  /** Id of the boundary it lies in. */
  readonly boundary?: string;
  readonly facts: readonly Fact[];
  /** Others than the parts of the system reach it: a published port, an ingress, a route. */
  readonly wayIn?: Place;
  /** Where it is stated, the most telling first. */
  readonly places: readonly Place[];
  /** How sure a name is: a deployed service is known by its deployment, not by its folder. Higher wins. */
  readonly rank: number;
  /** A file of code that belongs to whatever component lies around it. */
  readonly code?: string;
  /** Says something of a component, but not that there is one: without other evidence it is left out. */
  readonly onlyJoins?: true;
  /** Code that others build on: whatever it holds, nothing runs because of it alone. */
  readonly isLibrary?: true;
}

/** One end of a flow: the finding itself, or a name that somebody gave to it. */
export type FlowEnd =
  | { readonly key: string }
  | { readonly alias: string; readonly scope?: string }
  /** Whatever component the code in this file belongs to. */
  | { readonly code: string }
  /** The one store of this product; drawn by the statement itself where no file says that it is run here. */
  | { readonly product: string; readonly type: ElementType; readonly address?: string };

export interface FoundFlow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly protocol?: string;
  readonly place: Place;
  /** A weaker statement, used only where none says more: an order of starting, a client in a manifest. */
  readonly weak?: true;
}

export interface FoundBoundary {
  readonly id: string;
  readonly name: string;
  readonly parent?: string;
  readonly place: Place;
}

/** A class of data, by the names of fields that a schema, a table or a message gives it. */
export interface FoundData {
  readonly name: string;
  readonly classification: "personal" | "secret";
  /** The field that says so. */
  readonly field: string;
  /** Whether the field is kept in a table, or passes through an interface. */
  readonly held: "stored" | "passed";
  readonly place: Place;
}

export interface Findings {
  readonly elements: readonly FoundElement[];
  readonly flows: readonly FoundFlow[];
  readonly boundaries: readonly FoundBoundary[];
  readonly data: readonly FoundData[];
}

/** Findings with nothing in them, to start from. */
export const nothingFound: Findings = { elements: [], flows: [], boundaries: [], data: [] };

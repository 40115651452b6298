/** Where something stands in a repository. `line` counts from 1; absent when the whole file is meant. */
export interface Place {
  readonly path: string;
  readonly line?: number;
}

/** `path:line`, or `path` when no line is known. */
export function showPlace(place: Place): string {
  return place.line === undefined ? place.path : `${place.path}:${place.line}`;
}

/**
 * A fault in somebody's file. It is told, never thrown, and whatever else can be judged is still judged.
 * `what` names the fault, `hint` says what was expected, `example` is a line that would be right.
 */
export interface Problem {
  readonly path: string;
  readonly line?: number;
  readonly severity: "error" | "warning";
  readonly what: string;
  readonly hint: string;
  readonly example?: string;
}

/** Something that was not looked at, and why: said aloud, because silence would read as "nothing there". */
export interface NotInspected {
  readonly path: string;
  readonly reason: string;
  /** Set where the file is taken for a part of a threat model whatever its name. */
  readonly isModel?: true;
}

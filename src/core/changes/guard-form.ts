import type { Language } from "./language.ts";

/** How one kind of guard is written on a line. */
export interface GuardForm {
  readonly what: "guard" | "public" | "role";
  readonly pattern: RegExp;
  /** What it is told decides who passes: another right or role makes it another guard. */
  readonly told?: true;
  /** Only in these languages; left out, in all. */
  readonly languages?: readonly Language[];
}

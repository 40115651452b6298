import type { Language } from "./language.ts";

/** How one framework writes a route on one line; the first group that holds is the address or name. */
export interface RouteForm {
  readonly languages: readonly Language[];
  /** Only in files whose path matches. */
  readonly files?: RegExp;
  readonly pattern: RegExp;
}

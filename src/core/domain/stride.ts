/** The six STRIDE letters, in the order of the acronym. */
export const strideLetters = ["S", "T", "R", "I", "D", "E"] as const;

/** One STRIDE category by its letter. */
export type StrideLetter = (typeof strideLetters)[number];

/** The standard names of the categories, as people read them. */
export const strideNames: Readonly<Record<StrideLetter, string>> = {
  S: "Spoofing",
  T: "Tampering",
  R: "Repudiation",
  I: "Information disclosure",
  D: "Denial of service",
  E: "Elevation of privilege",
};

/** The four kinds of symbol a data flow diagram draws that STRIDE asks about. */
export type ElementKind = "process" | "store" | "external" | "flow";

/**
 * Categories usually asked of each kind of element. Source: the per-element table shipped by OWASP Threat Dragon
 * (`td.vue/src/service/threats/models/stride.json`), where a store always carries R.
 */
export const strideOfKind: Readonly<Record<ElementKind, readonly StrideLetter[]>> = {
  external: ["S", "R"],
  process: ["S", "T", "R", "I", "D", "E"],
  store: ["T", "R", "I", "D"],
  flow: ["T", "I", "D"],
};

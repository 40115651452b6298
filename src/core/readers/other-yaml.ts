import { looksLikeModel, readGeneric } from "./generic.ts";
import type { ModelReader } from "./reader.ts";

/** YAML models in schemas of single projects, read by the usual names of their keys. Asked last. */
export const reader: ModelReader = {
  name: "other-yaml",
  lastResort: true,
  wants: (path) => /\.ya?ml$/i.test(path),
  recognises: looksLikeModel,
  read: (path, text) => readGeneric("other-yaml", path, text),
};

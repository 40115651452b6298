import { looksLikeModel, readGeneric } from "./generic.ts";
import type { ModelReader } from "./reader.ts";

/** JSON models in schemas of single projects, read by the usual names of their keys. Asked last. */
export const reader: ModelReader = {
  name: "other-json",
  lastResort: true,
  wants: (path) => /\.json$/i.test(path),
  recognises: looksLikeModel,
  read: (path, text) => readGeneric("other-json", path, text),
};

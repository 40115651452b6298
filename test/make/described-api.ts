import { readFileSync } from "node:fs";
import addFormats from "ajv-formats";
import { type Document, OpenAPIBackend } from "openapi-backend";

const read = new Map<string, Promise<OpenAPIBackend>>();

/** The published description of an API, by which requests and answers are judged; read once. @param place where its file lies. */
export function describedApi(place: URL): Promise<OpenAPIBackend> {
  const before = read.get(place.href);
  if (before) return before;
  const reading = description(place);
  read.set(place.href, reading);
  return reading;
}

async function description(place: URL): Promise<OpenAPIBackend> {
  const definition = JSON.parse(readFileSync(place, "utf8")) satisfies Document;
  const backend = new OpenAPIBackend({
    definition,
    quick: true,
    strict: false,
    // Each process compiles what it uses: code that is quickly made beats code that runs quickly.
    ajvOpts: { strict: false, allErrors: true, formats: {}, inlineRefs: false, code: { optimize: false } },
    customizeAjv: (ajv) => {
      addFormats.default(ajv);
      return ajv;
    },
  });
  await backend.init();
  return backend;
}

import type { Problem } from "../domain/problem.ts";
import type { ModelFormat } from "../domain/threat-model.ts";
import { misfitOf } from "../text/misfit.ts";

/**
 * Why a text cannot be a model whatever its name (H064 to H066): too large, not text, empty, a web page, a Git LFS
 * pointer, an unfinished merge, an archive, only comments. Each has a message of its own. Undefined when none holds.
 */
export function refusalOf(path: string, text: string, mostBytes: number): Problem | undefined {
  if (text.startsWith("PK\u0003\u0004")) {
    return {
      path,
      severity: "error",
      what: "The file is a ZIP archive.",
      hint: "Commit the model itself, not an archive of it.",
    };
  }
  const misfit = misfitOf(text, mostBytes);
  if (misfit !== undefined) {
    const { what, hint, line } = misfit;
    return { path, ...(line === undefined ? {} : { line }), severity: "error", what, hint };
  }
  if (onlyComments(path, text)) {
    return {
      path,
      severity: "error",
      what: "The file holds only comments.",
      hint: "Write its content, or delete the file.",
    };
  }
  return undefined;
}

function onlyComments(path: string, text: string): boolean {
  if (/\.(ya?ml|hcl|tf|py)$/i.test(path)) return !/^[ \t]*[^\s#]/m.test(text.replace(/^(---|\.\.\.)[ \t]*$/gm, ""));
  if (/\.(md|markdown|mdx)$/i.test(path)) return withoutHtmlComments(text).trim() === "";
  return false;
}

/** The text without `<!-- … -->`; an unclosed comment takes the rest, as in HTML. Linear. */
function withoutHtmlComments(text: string): string {
  let kept = "";
  let from = 0;
  for (;;) {
    const open = text.indexOf("<!--", from);
    if (open === -1) return kept + text.slice(from);
    kept += text.slice(from, open);
    const close = text.indexOf("-->", open + 4);
    if (close === -1) return kept;
    from = close + 3;
  }
}

/** The format that a file name alone claims; used only to say of what format an unreadable file would be. */
export function formatClaimedBy(path: string): ModelFormat {
  const name = path.toLowerCase();
  if (name.endsWith(".tm7")) return "tm7";
  if (name.endsWith(".tc.json")) return "threat-composer";
  if (name.endsWith(".otm") || /\.otm\.(json|ya?ml)$/.test(name)) return "otm";
  if (/(^|[/.])threagile\.ya?ml$/.test(name)) return "threagile";
  if (/\.(drawio|dio)(\.(svg|png|xml))?$/.test(name)) return "drawio";
  if (/\.(puml|plantuml)$/.test(name)) return "plantuml";
  if (/\.(md|markdown|mdx|rst|adoc|asciidoc)$/.test(name)) return "markdown";
  if (/(^|\/)threat-model\.ya?ml$/.test(name)) return "native";
  return "unknown";
}

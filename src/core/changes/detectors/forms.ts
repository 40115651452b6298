import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import { placeOf } from "../place-of-line.ts";

/*
 * Forms of templates whose token against forged requests goes, while they stay. Where the whole form goes, or asks by GET from
 * now on, its token goes with it.
 */

/**
 * How templates put the token into a form: Django and Jinja, Blade and Twig, Rails, Razor, JSP and Thymeleaf, Express.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
const token =
  /\{%-?\s*csrf_token\b|\{\{\s*(?:form\.)?(?:csrf_(?:token|input|field)|csrfToken)\b|^@csrf\b|\bcsrf_field\(|\bcsrfmiddlewaretoken\b|\bhidden_field_tag[ (]:?["']?authenticity_token|\bauthenticity_token\b(?!\W{0,4}(?:false|nil))|\bAntiForgeryToken\(\)|\b__RequestVerificationToken\b|(?:name|value)\s*=\s*["'][^"']{0,20}_?csrf\b/i;

const form =
  /<form\b|\bform_(?:with|for|tag|start)\b|\bsimple_form_for\b|\bHtml\.BeginForm\(|<%?=?\s*f\s*=|\{%\s*form\b/;

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "view" || file.language !== "html") return [];
  // It may stand elsewhere in the page now; what only moved is no added line of the file.
  if (file.hunks.some(({ lines }) => lines.some(({ kind, code }) => kind === "added" && token.test(code)))) return [];
  for (const hunk of file.hunks) {
    const { lines } = hunk;
    const gone = lines.find(({ kind, code }) => kind === "removed" && token.test(code));
    if (!gone) continue;
    const forms = (kind: "added" | "removed"): number =>
      lines.filter((line) => line.kind === kind && form.test(line.code)).length;
    const asksByGet = lines.some(({ kind, code }) => kind === "added" && /\bmethod\s*[=:]\s*["':]*get\b/i.test(code));
    if (forms("removed") > forms("added") || asksByGet) continue;
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    return [{ what: "unprotected", path: file.path, name, evidence: gone.text, ...placeOf(hunk, gone) }];
  }
  return [];
}

export const detector: Detector = {
  name: "forms",
  sees: ["unprotected"],
  inspect: (files) => files.flatMap(inspectFile),
};

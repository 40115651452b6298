import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import { ownPlaceOf } from "../place-of-line.ts";

/*
 * Settings that refuse: a condition on the configuration after which a request is turned away. Whoever changes the setting
 * opens or closes what stands below.
 */

/** A condition that asks the configuration. */
const asksSetting =
  /^(?:\}?\s*(?:else\s+|elsif\s+|elif\s+))?(?:if|unless|elif|elsif)\b.{0,120}(?:\bconfig\(\s*['"]|\bsettings\.[A-Z_]{3,60}\b|\bSetting::|\bENV(?:\.fetch\(|\[)|\bprocess\.env\.[A-Z_]{3,60}\b|\benv\.[A-Z_]{3,60}\b|\bapp\.config\b|\bcurrent_app\.config\b|\bRails\.(?:configuration|application\.config)\b|\bconfigService\.get\()/;
/** The request is turned away. */
const refusal =
  /\b(?:abort|halt|head|forbidden|unauthorized|Forbidden\w*|Unauthorized\w*|PermissionDenied|AccessDenied\w*)\b|\bstatus(?:_code)?\s*[=:(]\s*(?:status\.)?(?:HTTP_)?40[1345]|\b40[1345]\b|\breturn\b.{0,100}(?:redirect|back\(\)).{0,120}(?:error|disabled|denied|not_allowed)|\bredirect_to\b.{0,120}(?:alert|error)|\b(?:raise|throw)\b.{0,120}(?:[dD]isabled|[nN]ot [aA]llowed|[nN]ot [eE]nabled|DISABLED|NOT_ALLOWED|NOT_ENABLED)/;
/** The refusal follows within so many lines. */
const reach = 3;

function refuses(lines: readonly CodeLine[], index: number, side: CodeLine["kind"]): boolean {
  const condition = lines[index];
  let seen = 0;
  for (const line of lines.slice(index)) {
    if ((line.kind !== side && line.kind !== "context") || line.code === "") continue;
    if (line !== condition && /^(?:\}|end\b|else\b)/.test(line.code)) return false;
    if (refusal.test(line.code)) return true;
    if (++seen > reach) return false;
  }
  return false;
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production") return [];
  const telling = new Set([...file.added, ...file.removed]);
  const found: Sighting[] = [];
  for (const { lines } of file.hunks) {
    for (const [index, line] of lines.entries()) {
      if (line.kind === "context" || !telling.has(line) || !asksSetting.test(line.code)) continue;
      if (!refuses(lines, index, line.kind)) continue;
      const name = file.path.slice(file.path.lastIndexOf("/") + 1);
      found.push({ what: "refusal", path: file.path, ...ownPlaceOf(line), name, evidence: line.text });
    }
  }
  return found;
}

export const detector: Detector = {
  name: "switches",
  sees: ["refusal"],
  inspect: (files) => files.flatMap(inspectFile),
};

import { readForeignYaml, type YamlDocument } from "../../text/yaml.ts";

/**
 * Documents of a YAML text that may be a template (Helm, Jinja, ytt): when it is not YAML as it stands, lines that hold nothing but
 * template steps become empty and template values become the text `{{…}}`, line numbers kept, and it is tried again.
 * What a template would render to is not computed.
 */
export function readTemplatedYaml(
  text: string,
): { readonly documents: readonly YamlDocument[]; readonly templated: boolean } | { readonly unreadable: string } {
  // A line that begins with a template step is no YAML: the first attempt would be for nothing.
  if (!/^[ \t]*(\{\{-?[ \t]*[a-z$]|\{%)/m.test(text)) {
    const asItStands = readForeignYaml(text);
    if (!("unreadable" in asItStands)) return { ...asItStands, templated: false };
    if (!text.includes("{{") && !text.includes("{%")) return asItStands;
  }
  const stripped = readForeignYaml(withoutTemplate(text));
  if (!("unreadable" in stripped)) return { ...stripped, templated: true };
  // Two ways to say one key (`kind: Role`, else `kind: ClusterRole`) are no YAML together: the first is read.
  const first = readForeignYaml(withoutTemplate(withoutAlternatives(text)));
  return "unreadable" in first ? stripped : { ...first, templated: true };
}

/** The text with what stands between `else` and `end` left empty, line numbers kept. */
function withoutAlternatives(text: string): string {
  const blocks: { isElse: boolean }[] = [];
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const isHidden = blocks.some(({ isElse }) => isElse);
    for (const [, word] of line.matchAll(/\{\{-?\s*(if|with|range|define|block|else|end)\b/g)) {
      const open = blocks.at(-1);
      if (word === "end") blocks.pop();
      else if (word !== "else") blocks.push({ isElse: false });
      else if (open) open.isElse = true;
    }
    const isStep = line.trimStart().startsWith("{{");
    lines.push(isHidden && !isStep ? "" : line);
  }
  return lines.join("\n");
}

const control =
  /^\{\{-?\s*(?:\/\*|(?:if|else|end|range|with|define|template|include|block|toYaml|nindent|fail|tpl)\b|\$\w+\s*:?=)/;

function withoutTemplate(text: string): string {
  const lines: string[] = [];
  let open = false;
  for (const raw of text.split("\n")) {
    const trimmed = raw.trim();
    if (open) {
      // A step that began on an earlier line.
      open = !trimmed.includes("}}");
      lines.push("");
      continue;
    }
    if (trimmed.startsWith("{%")) {
      lines.push("");
      continue;
    }
    if (trimmed.startsWith("{{") && !trimmed.includes("}}")) {
      open = true;
      lines.push("");
      continue;
    }
    if (trimmed.startsWith("{{") && (control.test(trimmed) || /^\{\{[^}]*\}\}$/.test(trimmed))) {
      lines.push("");
      continue;
    }
    lines.push(raw.includes("{{") || raw.includes("{%") ? plainLine(raw) : raw);
  }
  return lines.join("\n");
}

/** `key: {{ .Values.x | quote }}` as `key: "{{ .Values.x | quote }}"`; inside quotes and in the middle of a value quotes are not needed. */
function plainLine(raw: string): string {
  const line = raw.replace(/\{%[^%]*%\}/g, "");
  const entry = /^(\s*(?:- )?\s*(?:"[^"]*"|'[^']*'|[^\s"'{#][^:{]*):\s+|\s*- )(.*)$/.exec(line.slice(0, 4000));
  const value = entry?.[2]?.trim() ?? "";
  if (!entry || value === "" || !value.includes("{{")) return line.replace(/\{\{[^}]*\}\}/g, "template");
  if (/^[|>]/.test(value)) return line;
  const inner = value
    .replace(/^["'](.*)["']$/, "$1")
    .replace(/\\/g, "/")
    .replace(/"/g, "'");
  return `${entry[1]}"${inner}"`;
}

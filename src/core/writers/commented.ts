import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";
import { oneLine, withEscapes } from "./plain.ts";

/** A remark for a person, above a part of a list of the file or at the end of the line of one of its fields. */
export interface Remark {
  /** The list that holds the part: `elements`, `system.data` …, or the mapping itself; absent for the top of the file. */
  readonly list?: string;
  /** Id of the part, or for parts without one the value of their first field. */
  readonly part?: string;
  /** Field of the part, or a fact in its `facts`; absent for the part as a whole. */
  readonly field?: string;
  readonly says: string;
}

/** A remark longer than this is cut at a word, and says so: it is a pointer, not a text. */
const longest = 500;
const width = 110;

/**
 * Our own `threat-model.yaml` with remarks as comments. What a remark says comes from others as well: it stays on one line, and nothing
 * that cannot be seen is written raw, so that no remark can become a part of the model.
 */
export function withRemarks(text: string, remarks: readonly Remark[]): string {
  const document = parseDocument(text, { schema: "core", logLevel: "silent" });
  for (const { list, part, field, says } of remarks) {
    const comment = ` ${cut(oneLine(says))}`;
    if (list === undefined) {
      document.commentBefore = document.commentBefore ? `${document.commentBefore}\n${comment}` : comment;
      continue;
    }
    const holder = document.getIn(list.split("."));
    const found = part === undefined ? holder : partOf(holder, part);
    if (!isMap(found)) continue;
    if (field === undefined) found.commentBefore = comment;
    else {
      const value = found.get(field, true) ?? factOf(found, field);
      if (isScalar(value)) value.comment = comment;
    }
  }
  return withEscapes(document.toString({ lineWidth: width, flowCollectionPadding: true }));
}

function cut(says: string): string {
  if (says.length <= longest) return says;
  const start = says.slice(0, longest - 1);
  const word = start.lastIndexOf(" ");
  return `${(word > longest / 2 ? start.slice(0, word) : start).toWellFormed()}…`;
}

function partOf(list: unknown, part: string): YAMLMap | undefined {
  if (!isSeq(list)) return undefined;
  return list.items.find((item): item is YAMLMap => isMap(item) && (item.get("id") ?? item.get("name")) === part);
}

function factOf(part: YAMLMap, fact: string): unknown {
  const facts = part.get("facts");
  return isMap(facts) ? facts.get(fact, true) : undefined;
}

import { lineOf, plainText } from "./inline.ts";
import type { List, Paragraph } from "./nodes.ts";
import { isCategoryName, isFieldLabel, isMitigationTitle, isThreatLabel } from "./vocabulary.ts";

/** One statement: a line of a paragraph, a list item, or a label with what stands under it. */
export interface Entry {
  /** "Mitigation" of "**Mitigation:** …"; the whole text of a line that is only bold or ends in a colon. */
  readonly label?: string;
  /** What is said, without the label. */
  readonly text: string;
  readonly line: number;
  /** True for an item of a list. */
  readonly isItem: boolean;
  /** Nested items, and for a bare label the entries that follow under it. */
  readonly entries: readonly Entry[];
}

/** "8.2 Tampering", "3\. Foo", "IV. Bar", "a) Baz" without the number, and without emphasis left over. */
export function unnumbered(title: string): string {
  return title
    .replace(/\s*\{[:#.][^{}]{1,100}\}\s*$/, "")
    .replace(
      /^\s*(?:(?:section|part|appendix)\s+)?(?:\d{1,3}(?:\.\d{1,3}){0,4}[.):]?|[IVX]{1,5}[.)]|[a-zA-Z][.)])\s+/i,
      "",
    )
    .replace(/^\s*(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|[가나다라마바사아자차카타파하][.)])\s*/u, "")
    .replace(/[*_]{2,}/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** A field of a threat in bold that ends in a full stop or a dash ("**Attack.** An …") is as good a label as one with a colon. */
export function textWithLabel(children: Paragraph["children"]): string {
  const [first, ...rest] = children;
  if (first?.type !== "strong") return plainText(children);
  const lead = plainText(first.children).trim();
  const after = plainText(rest);
  const label = lead.replace(/[.:\u2013\u2014-]+$/, "").trim();
  const isMarked = lead !== label || /^\s*[\u2013\u2014-]\s/.test(after);
  if (!isMarked || lead.endsWith(":") || lead.includes("\n")) return plainText(children);
  const names = lead.endsWith(".") && !/[.:!?]/.test(label) && label.split(/\s+/).length <= 6 && after.trim() !== "";
  if (!names && !isFieldLabel(label) && !isMitigationTitle(label) && !isThreatLabel(label)) return plainText(children);
  return `${label}: ${after.replace(/^\s*[\u2013\u2014-]\s/, "").trimStart()}`;
}

const labelPattern = /^[-*•\s]*(?:\[[ xX]\]\s*)?([^:|\n]{1,60}?)\s*(?:\([^()\n]{0,40}\)\s*)?[:：](?!\/\/)\s*([\s\S]*)$/;

/** Splits "Label: text"; a label has at most six words and no end of a sentence inside. */
export function splitLabel(text: string): { readonly label: string; readonly text: string } | undefined {
  const match = labelPattern.exec(text);
  const label = match?.[1]?.replace(/[*_`]/g, "").trim() ?? "";
  if (
    label === "" ||
    label.split(/\s+/).length > 6 ||
    /[.?!]\s/.test(label) ||
    /[[(][^\])]*$/.test(label) ||
    /^(https?|e\.g|i\.e|note)$/i.test(label)
  )
    return undefined;
  return { label, text: (match?.[2] ?? "").trim() };
}

/** A text that is only a label. */
export function bareLabel(text: string, line: number, isItem: boolean): Entry {
  const split = splitLabel(text);
  return { label: unnumbered(split?.label ?? text), text: split?.text ?? "", line, isItem, entries: [] };
}

/** Each line of a paragraph is an entry when it starts with a label; other lines continue the one before. */
export function entriesOfText(text: string, line: number, isItem: boolean): Entry[] {
  const entries: Entry[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.trim();
    if (content === "") continue;
    const stated = splitLabel(content);
    const split =
      isCategoryName(content) && !namesScheme(stated?.label, isItem) ? { label: content, text: "" } : stated;
    const last = entries.at(-1);
    if (split !== undefined)
      entries.push({ label: split.label, text: split.text, line: line + index, isItem, entries: [] });
    else if (last !== undefined)
      entries[entries.length - 1] = { ...last, text: last.text === "" ? content : `${last.text} ${content}` };
    else entries.push({ text: content, line: line + index, isItem, entries: [] });
  }
  return entries;
}

/**
 * "STRIDE: Tampering": the field of a threat that gives its category, not a heading of that name. An item "Category:
 * Tampering" may head the items under it.
 */
function namesScheme(label: string | undefined, isItem: boolean): boolean {
  if (/^stride(?: (?:categor(?:y|ies)|types?))?$/i.test(label ?? "")) return true;
  return !isItem && /^(?:threat )?(?:categor(?:y|ies)|types?)$/i.test(label ?? "");
}

/** The items of a list with what is nested under them. */
export function entriesOfList(list: List): Entry[] {
  return underLabels(
    list.children.map((item): Entry[] => {
      const own: Entry[] = [];
      const nested: Entry[] = [];
      for (const child of item.children) {
        if (child.type === "paragraph") {
          const target = own.length === 0 ? own : nested;
          const first = child.children[0];
          const text = textWithLabel(child.children);
          const isBold = first?.type === "strong" && plainText(first.children).trim() === text.trim();
          target.push(...(isBold ? [bareLabel(text, lineOf(child), true)] : itemEntries(text, lineOf(child))));
        } else if (child.type === "list") nested.push(...entriesOfList(child));
        else if (child.type === "blockquote") {
          for (const quoted of child.children)
            if (quoted.type === "paragraph")
              nested.push(...entriesOfText(plainText(quoted.children), lineOf(quoted), false));
        }
      }
      const last = own.at(-1);
      if (last === undefined) return nested;
      own[own.length - 1] = { ...last, entries: [...last.entries, ...nested] };
      return own;
    }),
  );
}

/**
 * A label on a line of its own that follows an item without an empty line ("- one\nAssumptions:\n- two") belongs to
 * Markdown's last item, and to people's next list: the items after it stand under it.
 */
function underLabels(items: readonly (readonly Entry[])[]): Entry[] {
  const labelled = items.filter((entries) => isBareField(entries)).length;
  if (labelled > 0 && isBareField(items[0] ?? [])) return underItems(items);
  const found: Entry[] = [];
  let open: Entry[] | undefined;
  for (const entries of items) {
    const label = entries.length > 1 ? entries.at(-1) : undefined;
    const opens =
      label?.label !== undefined && label.text === "" && label.entries.length === 0 && !isFieldLabel(label.label);
    (open ?? found).push(...(opens ? entries.slice(0, -1) : entries));
    if (!opens || label === undefined) continue;
    open = [];
    found.push({ ...label, isItem: false, entries: open });
  }
  return found;
}

/** "- Mitigations:" and nothing else: a field of a threat that the items after it fill. */
function isBareField(entries: readonly Entry[]): boolean {
  const [entry, ...others] = entries;
  if (entry?.label === undefined || others.length > 0 || entry.text !== "" || entry.entries.length > 0) return false;
  return isFieldLabel(entry.label) || isMitigationTitle(entry.label);
}

/** A flat list that begins with a field: each item stands under the field before it. */
function underItems(items: readonly (readonly Entry[])[]): Entry[] {
  const found: Entry[] = [];
  for (const entries of items) {
    const last = found.at(-1);
    if (isBareField(entries) || last === undefined)
      found.push(...entries.map((entry) => ({ ...entry, isItem: false })));
    else found[found.length - 1] = { ...last, entries: [...last.entries, ...entries] };
  }
  return found;
}

/** A field that follows a list without an empty line belongs to Markdown's last item, and to people's next paragraph. */
function itemEntries(text: string, line: number): Entry[] {
  const [first, ...later] = entriesOfText(text, line, true);
  if (first === undefined) return [];
  if (first.label !== undefined) return [first, ...later];
  return [first, ...later.map((entry) => (isFieldLabel(entry.label ?? "") ? { ...entry, isItem: false } : entry))];
}

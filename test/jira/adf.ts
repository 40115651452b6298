import { z } from "zod";

/*
 * Atlassian Document Format as far as Threatgate may write it, from the reference of its nodes and marks
 * (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/). A node that acts (a mention, a card, a
 * macro) is no part of this, so that one in a text of ours is refused.
 */

const href = z.string().regex(/^https?:\/\//);
const mark = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["strong", "em", "code"]) }),
  z.strictObject({ type: z.literal("link"), attrs: z.strictObject({ href }) }),
]);
const marks = z
  .array(mark)
  .optional()
  .refine(
    (all = []) =>
      !all.some(({ type }) => type === "code") || all.every(({ type }) => type === "code" || type === "link"),
    "code bears no mark but a link",
  );
const text = z.strictObject({ type: z.literal("text"), text: z.string().min(1), marks });
const inline = z.discriminatedUnion("type", [text, z.strictObject({ type: z.literal("hardBreak") })]);
const paragraph = z.strictObject({ type: z.literal("paragraph"), content: z.array(inline).optional() });
const codeBlock = z.strictObject({
  type: z.literal("codeBlock"),
  attrs: z.strictObject({ language: z.string() }).optional(),
  content: z.array(z.strictObject({ type: z.literal("text"), text: z.string().min(1) })).optional(),
});

interface Item {
  readonly type: "listItem";
  readonly content: readonly unknown[];
}
const item: z.ZodType<Item> = z.lazy(() =>
  z.strictObject({
    type: z.literal("listItem"),
    content: z
      .array(z.union([paragraph, codeBlock, list]))
      .min(1)
      .refine(
        ([first]) => z.object({ type: z.literal("paragraph") }).safeParse(first).success,
        "begins with a paragraph",
      ),
  }),
);
const list = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("bulletList"), content: z.array(item).min(1) }),
  z.strictObject({
    type: z.literal("orderedList"),
    attrs: z.strictObject({ order: z.number().int().min(0) }),
    content: z.array(item).min(1),
  }),
]);

/** A document as Jira takes it from us. */
export const documentShape = z.strictObject({
  type: z.literal("doc"),
  version: z.literal(1),
  content: z.array(
    z.union([
      paragraph,
      codeBlock,
      list,
      z.strictObject({ type: z.literal("rule") }),
      z.strictObject({
        type: z.literal("heading"),
        attrs: z.strictObject({ level: z.number().int().min(1).max(6) }),
        content: z.array(inline).optional(),
      }),
    ]),
  ),
});

const node = z.object({ text: z.string().optional(), content: z.array(z.unknown()).optional() });

/** The words of a document, one line a block, as a reader sees them. */
export function wordsOf(document: unknown): string {
  const parsed = node.safeParse(document);
  if (!parsed.success) return "";
  if (parsed.data.text !== undefined) return parsed.data.text;
  const children = (parsed.data.content ?? []).map((child) => ({ words: wordsOf(child), isText: isText(child) }));
  return children.map(({ words, isText: joins }) => (joins ? words : `${words}\n`)).join("");
}

function isText(child: unknown): boolean {
  return z.object({ type: z.literal("text") }).safeParse(child).success;
}

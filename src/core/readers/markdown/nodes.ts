import type { fromMarkdown } from "mdast-util-from-markdown";

/* The node types of mdast that are read here, taken from the parser's own result. https://github.com/syntax-tree/mdast */

export type Root = ReturnType<typeof fromMarkdown>;
export type RootContent = Root["children"][number];
type Of<Type extends RootContent["type"]> = Extract<RootContent, { type: Type }>;
export type List = Of<"list">;
export type Table = Of<"table">;
export type Definition = Of<"definition">;
export type Paragraph = Of<"paragraph">;
export type PhrasingContent = Of<"paragraph">["children"][number];

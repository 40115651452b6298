import type { Cursor } from "./cursor.ts";
import type { HclBlock, HclValue } from "./hcl-blocks.ts";

/** The JSON form: an object under a block's name is one block, or several by their labels; a list is several blocks. */
export function blockOfJson(type: string, labels: readonly string[], cursor: Cursor, depth: number): HclBlock {
  const attributes = new Map<string, HclValue>();
  const blocks: HclBlock[] = [];
  const line = cursor.place().line ?? 1;
  if (depth > 32) return { type, labels, attributes, blocks, line };
  for (const [key, value] of cursor.entries()) {
    const nested =
      value.items().length > 0
        ? value.items().filter((item) => item.entries().length > 0)
        : value.entries().length > 0
          ? [value]
          : [];
    if (nested.length === 0) attributes.set(key, { texts: value.texts(), line: value.place().line ?? line });
    for (const one of nested) {
      const inner = one.entries();
      const byLabel = inner.length > 0 && inner.every(([, item]) => item.entries().length > 0) && !unlabelled.has(key);
      if (byLabel) for (const [label, item] of inner) blocks.push(blockOfJson(key, [label], item, depth + 1));
      else blocks.push(blockOfJson(key, [], one, depth + 1));
    }
  }
  return { type, labels, attributes, blocks, line };
}

/** Blocks without a label, whose JSON form is not keyed by name. */
const unlabelled = new Set(["attributes", "usecase", "exclusion", "risk"]);

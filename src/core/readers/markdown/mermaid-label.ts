/** A label as people read it: no quotes, marks or tags, one line, entities resolved. */
export function clean(label: string): string {
  return (
    label
      .replace(/^["'`]+|["'`]+$/g, "")
      .replace(/<br\s*\/?>|\\n/gi, " ")
      .replace(/<[^<>]{0,200}>/g, "")
      .replace(/[*`]{1,2}(?=\S)|(?<=\S)[*`]{1,2}/g, "")
      // Within a word an underscore is part of it: `order_id`.
      .replace(/(?<![\p{L}\p{N}_])_{1,2}(?=\S)|(?<=\S)_{1,2}(?![\p{L}\p{N}_])/gu, "")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 600)
      .replace(/#(quot|\d{1,7});/g, entity)
      .slice(0, 120)
  );
}

/** A character written as its number, so that it means nothing in the diagram. https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
function entity(written: string, number: string): string {
  if (number === "quot") return '"';
  const point = Number(number);
  return point < 32 || point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? written : String.fromCodePoint(point);
}

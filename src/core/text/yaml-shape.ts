import { CST, Lexer } from "yaml";
import { limits } from "./limits.ts";

/** What the tokens of a YAML text tell before anything is built from them. Offsets count UTF-16 units. */
export interface YamlShape {
  /** Set when the text is too deep or too large to be parsed at all. */
  readonly tooMuch?: { readonly what: string; readonly offset: number };
  readonly firstAnchor?: number;
  readonly firstAlias?: number;
  readonly firstTag?: number;
  readonly firstDirective?: number;
  /** Where a second document begins. */
  readonly secondDocument?: number;
  readonly aliases: number;
  /** False when there are only comments and white space. */
  readonly hasContent: boolean;
}

/**
 * Measures a YAML text by its tokens alone, in one linear pass without recursion, so that nothing nested too deep ever
 * reaches the parser: its recursion ends the process on some engines, which no `catch` sees (H056, H057). The tokens are
 * the parser's own, so the two cannot disagree about what is a bracket and what is text.
 */
export function shapeOfYaml(text: string, mostNodes: number): YamlShape {
  return new Measure(mostNodes).of(text);
}

class Measure {
  readonly #mostNodes: number;
  #tooMuch: { what: string; offset: number } | undefined;
  #firstAnchor: number | undefined;
  #firstAlias: number | undefined;
  #firstTag: number | undefined;
  #firstDirective: number | undefined;
  #secondDocument: number | undefined;
  #documents = 0;
  #aliases = 0;
  #tokens = 0;
  /** Every token, white space and line breaks included: a million empty lines cost the parser seconds. */
  #pieces = 0;
  #directives = 0;
  #hasContent = false;
  /** Columns at which the open block lists and mappings begin. */
  #columns: number[] = [];
  #flow = 0;
  #column = 0;
  #lineIsFresh = true;
  #explicitKeys = 0;
  #colonsOfLine = 0;

  constructor(mostNodes: number) {
    this.#mostNodes = mostNodes;
  }

  of(text: string): YamlShape {
    let offset = 0;
    let isScalar = false;
    for (const token of new Lexer().lex(text)) {
      if (!isScalar && (token === CST.SCALAR || token === CST.DOCUMENT || token === CST.FLOW_END)) {
        if (token === CST.SCALAR) isScalar = true;
        if (token === CST.FLOW_END) this.#flow = 0;
        continue;
      }
      this.#token(isScalar ? "scalar" : (CST.tokenType(token) ?? "scalar"), token, offset);
      isScalar = false;
      if (++this.#pieces > this.#mostNodes * 12)
        this.#refuse(`More than ${this.#mostNodes * 12} words, spaces and line breaks`, offset);
      offset += token.length;
      if (this.#tooMuch) break;
    }
    return {
      ...(this.#tooMuch && { tooMuch: this.#tooMuch }),
      ...(this.#firstAnchor !== undefined && { firstAnchor: this.#firstAnchor }),
      ...(this.#firstAlias !== undefined && { firstAlias: this.#firstAlias }),
      ...(this.#firstTag !== undefined && { firstTag: this.#firstTag }),
      ...(this.#firstDirective !== undefined && { firstDirective: this.#firstDirective }),
      ...(this.#secondDocument !== undefined && { secondDocument: this.#secondDocument }),
      aliases: this.#aliases,
      hasContent: this.#hasContent,
    };
  }

  #token(type: CST.Token["type"] | CST.SourceToken["type"], source: string, offset: number): void {
    switch (type) {
      case "newline":
        this.#newLine();
        return;
      case "space":
        this.#column += source.length;
        return;
      case "comment":
      case "byte-order-mark":
      case "doc-end":
        return;
      case "directive-line":
        this.#firstDirective ??= offset;
        if (++this.#directives > 100) this.#refuse("More than 100 `%` lines", offset);
        return;
      case "doc-start":
        this.#documentStart(offset);
        return;
      default:
        this.#content(type, source, offset);
        this.#column += source.length;
        // A scalar over several lines ends on a line of its own; what follows it is not the first thing there.
        this.#lineIsFresh = false;
    }
  }

  #content(type: string, source: string, offset: number): void {
    if (this.#flow === 0 && (this.#lineIsFresh || type === "seq-item-ind" || type === "explicit-key-ind")) {
      this.#open(this.#column, offset);
    }
    if (this.#documents === 0) this.#documents = 1;
    this.#hasContent = true;
    switch (type) {
      case "flow-map-start":
      case "flow-seq-start":
        this.#flow++;
        this.#count(offset);
        break;
      case "flow-map-end":
      case "flow-seq-end":
        this.#flow = Math.max(0, this.#flow - 1);
        break;
      case "seq-item-ind":
        this.#count(offset);
        break;
      case "explicit-key-ind":
        this.#count(offset);
        if (++this.#explicitKeys > limits.explicitKeys)
          this.#refuse(`More than ${limits.explicitKeys} keys written with \`? \` on one line`, offset);
        break;
      case "map-value-ind":
        this.#count(offset);
        if (this.#flow === 0 && ++this.#colonsOfLine > limits.depth)
          this.#refuse(`More than ${limits.depth} keys on one line`, offset);
        break;
      case "anchor":
        this.#firstAnchor ??= offset;
        break;
      case "alias":
        this.#firstAlias ??= offset;
        this.#aliases++;
        this.#count(offset);
        break;
      case "tag":
        this.#firstTag ??= offset;
        break;
      case "comma":
        this.#count(offset);
        break;
      default:
        if (source !== "") this.#count(offset);
    }
    if (this.#columns.length + this.#flow > limits.depth)
      this.#refuse(`Nested deeper than ${limits.depth} levels`, offset);
  }

  #open(column: number, offset: number): void {
    while (this.#columns.length > 0 && (this.#columns.at(-1) ?? 0) >= column) this.#columns.pop();
    this.#columns.push(column);
    if (this.#columns.length > limits.depth) this.#refuse(`Nested deeper than ${limits.depth} levels`, offset);
  }

  #count(offset: number): void {
    // A coarse bound before parsing: one entry makes at most three tokens, its key, its colon and its value.
    if (++this.#tokens > this.#mostNodes * 3) this.#refuse(`More than ${this.#mostNodes} values`, offset);
  }

  #newLine(): void {
    this.#column = 0;
    this.#lineIsFresh = true;
    this.#colonsOfLine = 0;
    if (this.#flow === 0) this.#explicitKeys = 0;
  }

  #documentStart(offset: number): void {
    this.#columns = [];
    this.#flow = 0;
    this.#column = 3;
    this.#lineIsFresh = false;
    this.#documents++;
    if (this.#documents === 2) this.#secondDocument = offset;
    if (this.#documents > limits.documents) this.#refuse(`More than ${limits.documents} documents`, offset);
  }

  #refuse(what: string, offset: number): void {
    this.#tooMuch ??= { what, offset };
  }
}

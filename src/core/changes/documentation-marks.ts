import type { Language } from "./language.ts";

/*
 * Marks that describe an interface to its readers and decide nothing: OpenAPI annotations of Java, Kotlin and Scala, and attributes
 * of swagger-php. What stands in their brackets is prose and examples, over as many lines as it takes.
 * https://docs.swagger.io/swagger-core/v2.2.8/apidocs/io/swagger/v3/oas/annotations/package-summary.html
 * https://zircote.github.io/swagger-php/reference/attributes.html
 */
const opening =
  /^(?:@(?:Operation|ApiOperation|ApiResponses?|APIResponses?|APIResponseSchema|ApiParam|ApiModel|ApiModelProperty|ApiImplicitParams?|Schema|ArraySchema|ExampleObject|Tags?|Parameters?|ExternalDocumentation|OpenAPIDefinition)(?![\w.])|#\[OA\\\w{1,40})\s*/;

/** A mark of the same name that is told a right is somebody's own, and decides. */
const toldRight = /\b\w{0,30}(?:roles?|permissions?|scopes?|authori[sz]\w{0,10}|secured?|access)\s*=/i;

/** A line from the middle of such a mark that opened above the hunk. */
const prose =
  /^(?:description|summary|example|responseCode|operationId|mediaType|notes)\s*=\s*"(?:[^"\\]|\\.){0,600}"\s*[,)+]{0,4}$/;

/**
 * Where the text of a mark is not what its quotes say, nobody can tell where it ends, and all of it is read as code: escapes that Java
 * reads before it looks for quotes (https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html#jls-3.3), and texts of PHP without
 * quotes (https://www.php.net/manual/en/language.types.string.php).
 */
const misleading = /\\u+00[2-7]|<<</i;

/** Follows the lines of one side of a hunk and leaves out what only describes. */
export class DocumentationMarks {
  private depth = 0;
  private inTextBlock = false;
  private readonly escapes: boolean;

  constructor(language: Language) {
    // Raw strings of Kotlin and Scala know no escapes.
    this.escapes = language === "java";
  }

  /** The line without such marks; empty when nothing else stands on it. */
  codeOf(code: string): string {
    if (misleading.test(code)) return this.asCode(code);
    let rest = code;
    if (this.depth === 0) {
      if (prose.test(rest)) return "";
      const found = opening.exec(rest);
      if (!found || toldRight.test(rest)) return code;
      const isAttribute = rest.startsWith("#[");
      rest = rest.slice(isAttribute ? 1 : found[0].length);
      if (!rest.startsWith("(") && !rest.startsWith("[")) return rest;
    }
    const end = this.endOf(rest);
    if (end === "unclear") return this.asCode(code);
    return end === undefined ? "" : this.codeOf(rest.slice(end).trim());
  }

  private asCode(code: string): string {
    this.depth = 0;
    this.inTextBlock = false;
    return code;
  }

  /** Where the brackets that are open close; undefined when they do not on this line, `unclear` when it ends within quotes. */
  private endOf(text: string): number | "unclear" | undefined {
    let quote = "";
    for (let at = 0; at < text.length; at++) {
      const character = text[at] ?? "";
      if (text.startsWith('"""', at) && quote === "") {
        this.inTextBlock = !this.inTextBlock;
        at += 2;
      } else if (this.inTextBlock) {
        if (character === "\\" && this.escapes) at++;
      } else if (quote !== "") {
        if (character === "\\") at++;
        else if (character === quote) quote = "";
      } else if (character === '"' || character === "'") quote = character;
      else if ("([{".includes(character)) this.depth++;
      else if (")]}".includes(character)) {
        this.depth--;
        if (this.depth <= 0) {
          this.depth = 0;
          return at + 1;
        }
      }
    }
    return quote === "" ? undefined : "unclear";
  }
}

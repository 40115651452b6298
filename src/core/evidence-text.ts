import type { EvidenceReport } from "./domain/evidence-report.ts";
import { evidenceDocument } from "./evidence-report/document.ts";
import { documentHtml, documentStyle } from "./present/document-html.ts";
import { documentMarkdown } from "./present/document-markdown.ts";
import { withholdSecrets } from "./text/secrets.ts";

/* The report as people and programs read it. Joins what it says with how Markdown and HTML are written. */

/** The style sheet in the HTML of a report; the digest of exactly this text stands in its content-security policy. */
export const reportStyle = documentStyle;

/** @param styleDigest base64 of the SHA-256 of `reportStyle` */
export function evidenceText(
  report: EvidenceReport,
  format: "markdown" | "html" | "json",
  styleDigest: string,
): string {
  if (format === "json") return jsonOf(report);
  const document = evidenceDocument(report);
  return format === "html" ? documentHtml(document, styleDigest) : documentMarkdown(document);
}

/** JSON in which no credential of a model stands and nothing that cannot be seen is raw (H053, H054); the values are the same. */
function jsonOf(report: EvidenceReport): string {
  const withheld = (_: string, value: unknown): unknown => (typeof value === "string" ? withholdSecrets(value) : value);
  const escaped = JSON.stringify(report, withheld, 2).replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (sign) =>
    Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
  return `${escaped}\n`;
}

import type { BundleVerdict, RecordName } from "./bundle.ts";

/** What `threatgate evidence verify` says of a bundle, one line each. */
export function bundleLines(verdict: BundleVerdict): string[] {
  switch (verdict.outcome) {
    case "unreadable":
      return [`cannot be checked: line ${verdict.line}: ${verdict.why}`];
    case "broken":
      return [
        `BROKEN at ${nameOf(verdict.record)}, line ${verdict.line}: ${verdict.why}`,
        `  expected  ${verdict.expected === "" ? "(no record before it)" : verdict.expected}`,
        `  found     ${verdict.found === "" ? "(no record before it)" : verdict.found}`,
        "Everything before it holds; nothing from here on is vouched for.",
      ];
    case "whole":
      return wholeLines(verdict);
  }
}

function wholeLines({ head, records, first, last, missing }: Extract<BundleVerdict, { outcome: "whole" }>): string[] {
  const lines = [
    `${missing.length === 0 ? "whole" : "INCOMPLETE"}: ${records} ${records === 1 ? "record" : "records"} of ${head.repository} (${head.repositoryId}), each as it was written and following the one before`,
  ];
  if (first && last) {
    lines.push(`  from  ${nameOf(first)}`, `  to    ${nameOf(last)}`, `  last digest  ${last.digest}`);
  }
  lines.push(`  begins  ${beginningOf(head)}`);
  for (const digest of missing)
    lines.push(
      `  NOT IN THIS CHAIN  ${digest}: the record that a check stated is missing. The database was lost or replaced, the end was cut, or the record is older than the beginning.`,
    );
  if (missing.length === 0)
    lines.push(
      "A chain alone does not show a cut end or a chain written anew: name digests that checks on GitHub state with --digest.",
    );
  return lines;
}

function beginningOf({ follows, deleted }: { readonly follows: string; readonly deleted: number }): string {
  if (follows === "") return "with the first record that was ever written of this repository in this database";
  const because =
    deleted > 0 ? ` (${deleted} older ${deleted === 1 ? "record was" : "records were"} deleted for their age)` : "";
  return `after the record ${follows}${because}`;
}

/** `record 12 (#34 at 3f9c2e1b7a60, 2026-03-04 10:00 UTC)`. */
function nameOf({ id, pullRequest, head, asOf }: RecordName): string {
  const what = pullRequest === null ? head.slice(0, 12) : `#${pullRequest} at ${head.slice(0, 12)}`;
  return `record ${id} (${what}, ${asOf.slice(0, 16).replace("T", " ")} UTC)`;
}

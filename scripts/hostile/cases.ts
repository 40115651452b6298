import { z } from "zod";

/** What is used of Jest's JSON. https://jestjs.io/docs/configuration#testresultsprocessor-string */
const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** A test that does not hold, or a file that could not be run. */
export interface Failure {
  readonly file: string;
  /** Its full title; undefined where the file itself could not be run. */
  readonly test?: string;
}

/** How one hostile case stands. */
export interface CaseResult {
  readonly id: string;
  readonly state: "holds" | "FAILS" | "no test";
  /** Tests of it that ran. */
  readonly tests: number;
}

/** What a run of the hostile tests came to. */
export interface HostileResults {
  /** Each case that was asked for, and each other one that a test names, by number. */
  readonly cases: readonly CaseResult[];
  /** Tests that ran; one that names two cases counts once. */
  readonly tests: number;
  /** Every test that failed and every file that did not run, whichever case it is of. */
  readonly failures: readonly Failure[];
}

/**
 * Reads Jest's report. A test that was skipped is none: what nobody ran holds nothing. Throws where the text is no report.
 * @param asked ids that must have a test.
 * @param only the ids that count; all where it is left out.
 */
export function readReport(text: string, asked: readonly string[], only?: readonly string[]): HostileResults {
  const { testResults } = report.parse(JSON.parse(text));
  const byCase = new Map<string, { tests: number; failed: number }>();
  const failures: Failure[] = [];
  let tests = 0;
  for (const id of asked) byCase.set(id, { tests: 0, failed: 0 });
  for (const { name: file, status, assertionResults } of testResults) {
    if (status === "failed" && assertionResults.length === 0) failures.push({ file });
    for (const { fullName, status: outcome } of assertionResults) {
      const ids = idsIn(fullName).filter((id) => only === undefined || only.includes(id));
      if (ids.length === 0 || (outcome !== "passed" && outcome !== "failed")) continue;
      tests++;
      if (outcome === "failed") failures.push({ file, test: fullName });
      for (const id of ids) {
        const found = byCase.get(id) ?? { tests: 0, failed: 0 };
        byCase.set(id, { tests: found.tests + 1, failed: found.failed + (outcome === "failed" ? 1 : 0) });
      }
    }
  }
  const cases = [...byCase].map(([id, found]) => ({ id, state: stateOf(found), tests: found.tests }));
  return { cases: cases.toSorted((one, other) => (one.id < other.id ? -1 : 1)), tests, failures };
}

/** The ids of hostile cases in a text, each once: `H001` to `H100`. */
export function idsIn(text: string): readonly string[] {
  return [...new Set(text.match(/\bH(?:0\d\d|100)\b/g))];
}

/** Whether every case has a test, and all of them hold. */
export function allHold({ cases, failures }: HostileResults): boolean {
  return failures.length === 0 && cases.every(({ state }) => state === "holds");
}

/** One line for each case, then what failed. */
export function told({ cases, failures }: HostileResults): string {
  const lines = cases.map(({ id, state, tests }) => `${id}  ${state.padEnd(7)}  ${tests === 0 ? "" : tests}`.trimEnd());
  const wrong = failures.map(
    ({ file, test }) => `FAILS ${file}${test === undefined ? ": it did not run" : `: ${test}`}`,
  );
  return [...lines, ...wrong].join("\n");
}

/** The figures of the last line. */
export function figuresOf({ cases, tests, failures }: HostileResults): Readonly<Record<string, number>> {
  const held = cases.filter(({ state }) => state === "holds").length;
  return { cases: cases.length, held, tests, failed: failures.length };
}

function stateOf({ tests, failed }: { readonly tests: number; readonly failed: number }): CaseResult["state"] {
  if (tests === 0) return "no test";
  return failed > 0 ? "FAILS" : "holds";
}

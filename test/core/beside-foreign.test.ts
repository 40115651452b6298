import { expect, test } from "@jest/globals";
import { judge } from "../../src/core/judge.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aSnapshot } from "../make/a-snapshot.ts";

const context = {
  threatgateVersion: "1",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "r",
};

const markdown = `# Threat model

| ID | Threat | STRIDE | Likelihood | Impact | Status | Mitigation |
|---|---|---|---|---|---|---|
| T1 | Orders changed on their way | Tampering | High | High | Mitigated | TLS between all services, checked in CI |
`;

test("a native file beside a Markdown model answers its own threats and leaves the others as their file says", async () => {
  const rules = await readRules();
  const open = (models: { path: string; text: string }[]): string[] => {
    const paths = models.map(({ path }) => path);
    const snapshot = { ...aSnapshot(), files: [], filesTotal: 0, models, baseModels: [], headPaths: paths };
    return judge(snapshot, rules, context).assessment.systems.flatMap((system) =>
      system.openThreats.map(({ id }) => id),
    );
  };
  const document = { path: "docs/threat-model.md", text: markdown };
  expect(open([document])).toEqual([]);
  const beside = {
    path: "threat-model.yaml",
    text: "schemaVersion: 1\nthreats:\n  - { id: T2, stride: I, title: Orders read by others, impact: high, likelihood: high, status: open }\n",
  };
  expect(open([document, beside])).toEqual(["T2"]);
});

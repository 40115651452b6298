import { expect, test } from "@jest/globals";
import { pullRequestPage } from "../../../src/shell/web/pull-request.ts";
import { anAssessment, aPolicy } from "../../make/an-assessment.ts";

/** The cells of the row of one setting, without their tags. */
function rowOf(page: string, key: string): readonly string[] {
  const row = page.split("<tr>").find((one) => one.includes(`<code>${key}</code></th>`)) ?? "";
  return [...row.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell = ""]) => cell.replace(/<[^>]*>/g, "").trim());
}

test("the page of a pull request shows every setting with its origin, what is locked, and no value of a private policy", async () => {
  const policy = aPolicy({
    mode: "enforce",
    origins: {
      mode: { from: "organisation", locked: true, place: { path: ".github/threatgate.yml", line: 2 } },
      "currency.green": { from: "default", locked: false },
      riskThreshold: { from: "repository", locked: false, place: { path: ".github/threatgate.yml", line: 3 } },
      "architects.teams": { from: "organisation", locked: true, hidden: true },
    },
  });
  const page = String(
    await pullRequestPage({
      assessment: anAssessment({ policy }),
      digest: "d",
      previous: "",
      writes: [],
      address: "https://github.com/acme/shop/pull/7",
      rulePage: "https://example.org/{rule}.md",
    }),
  );
  expect(rowOf(page, "mode")).toEqual(["enforce", "organisation, locked .github/threatgate.yml:2"]);
  expect(rowOf(page, "currency.green")).toEqual(["30", "default"]);
  expect(rowOf(page, "riskThreshold")).toEqual(["medium", "repository .github/threatgate.yml:3"]);
  expect(rowOf(page, "architects.teams")).toEqual(["not shown here", "organisation, locked"]);
  expect(page).not.toContain("security-architects");
});

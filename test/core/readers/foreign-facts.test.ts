import { describe, expect, test } from "@jest/globals";
import { readOne } from "../../../src/core/readers/read-model.ts";

describe("the overviews of a Threagile model", () => {
  const overview = (business: string, technical: string) =>
    readOne({
      path: "threagile.yaml",
      text: `threagile_version: 1.0.0\ntitle: Ferry\nbusiness_overview:\n  description: ${business}\ntechnical_overview:\n  description: ${technical}\ntechnical_assets:\n  Kiosk:\n    id: kiosk\n    type: process\n`,
    }).model?.system.description?.text;

  test.each([
    ["Sells tickets at the pier", "Two kiosks and a scanner", "Sells tickets at the pier\nTwo kiosks and a scanner"],
    ["Sells tickets at the pier", "Sells tickets at the pier", "Sells tickets at the pier"],
    ["Sells tickets at the pier", "", "Sells tickets at the pier"],
  ])("%s, %s", (business, technical, expected) => {
    expect(overview(business, technical)).toBe(expected);
  });
});

test("a model of the threat model library states its own version", () => {
  const { model } = readOne({
    path: "ferry.json",
    text: JSON.stringify({
      $schema: "https://github.com/OWASP/www-project-threat-model-library/blob/v1.0.2/threat-model.schema.json",
      version: "2.1.0",
      scope: { title: "Ferry", description: "Sells tickets at the pier." },
      trust_zones: [],
      trust_boundaries: [],
      actors: [],
      components: [{ symbolic_name: "kiosk", title: "Kiosk", description: "Sells tickets." }],
      data_flows: [],
      threats: [],
      controls: [],
    }),
  });
  expect([model?.format, model?.documentation.version?.text]).toEqual(["tm-library", "2.1.0"]);
});

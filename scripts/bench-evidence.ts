// The evidence report of a large model, as it is made and written once it was read.
import type { Rules } from "../src/core/domain/rules.ts";
import type { TimelineEntry } from "../src/core/domain/timeline.ts";
import { evidenceText } from "../src/core/evidence-text.ts";
import { gatherEvidence } from "../src/core/gather-evidence.ts";
import { aControl, aModel, anElement, aStory, aThreatOfModel, aValidation } from "../test/make/a-model.ts";
import { anEvidenceGround } from "../test/make/an-evidence-ground.ts";
import { type Row, timesOf } from "./bench-measure.ts";

const threats = 500;
/** The bar of the report: 2 s for 500 threats. */
const most = 2_000;

/** A row for the report of 500 threats, each with its control, story and validation, over a year of 1,000 changes. */
export function benchEvidence(rules: Rules): readonly Row[] {
  const ground = aLargeGround();
  const { median, first } = timesOf(5, () => {
    const report = gatherEvidence(ground, rules);
    for (const format of ["markdown", "html", "json"] as const) evidenceText(report, format, "");
  });
  const how = `made once and written as Markdown, HTML and JSON; median of 5, the first took ${first?.toFixed(0)}`;
  return [{ what: `evidence of ${threats} threats`, figure: median, bar: most, how }];
}

function aLargeGround(): ReturnType<typeof anEvidenceGround> {
  const all = Array.from({ length: threats }, (_, index) => index);
  const titles = [
    "Orders are read by other customers",
    "Requests fill the disk",
    "A forged token is accepted",
    "Nobody can tell who changed a price",
  ];
  const model = aModel({
    elements: all.slice(0, 100).map((index) => anElement(`element-${index}`, { files: [`src/part-${index}/**`] })),
    threats: all.map((index) =>
      aThreatOfModel(`TH-${index}`, {
        title: `${titles[index % titles.length]} (${index})`,
        element: `element-${index % 100}`,
        controls: [`C-${index}`],
        status: index % 5 === 0 ? "open" : "mitigated",
      }),
    ),
    controls: all.map((index) => aControl(`C-${index}`, { evidence: [`src/part-${index % 100}/check.ts`] })),
    stories: all.map((index) => aStory(`S-${index}`, [`TH-${index}`])),
    validations: all.map((index) => aValidation(`V-${index}`, `C-${index}`)),
  });
  const changes = Array.from({ length: 1_000 }, (_, index): TimelineEntry => {
    const at = new Date(Date.UTC(2026, 0, 1) + index * 7_000_000).toISOString();
    const reference = `#${index}`;
    if (index % 4 === 3)
      return { kind: "update", at, reference, concerns: [`element-${(index - 3) % 100}`, `TH-${index % threats}`] };
    return {
      kind: "change",
      at,
      what: `New data store: bucket ${index}`,
      reference,
      path: `infra/part-${index}.tf`,
      elements: [`element-${index % 100}`],
    };
  });
  const packages = Object.fromEntries(all.map((index) => [`package-${index}`, "1.0.0"]));
  const manifest = { path: "package.json", text: JSON.stringify({ dependencies: packages }, null, 1) };
  const paths = ["package.json", ...all.map((index) => `src/part-${index % 100}/check.ts`)];
  return anEvidenceGround(model, {
    entries: changes,
    files: { name: "shop", paths, texts: [manifest], notRead: [] },
  });
}

import { expect, test } from "@jest/globals";
import { onceEach } from "../../../src/core/domain/assessment.ts";

const place = (line: number) => ({ path: "docs/threat-model.md", line });

test("what several requirements lack is said once, at each place", () => {
  const says = "The model holds no security user story.";
  const lacking = [
    { must: "acceptance-criteria", says, place: place(1), example: "" },
    { must: "in-backlog", says, place: place(1), example: "" },
    { must: "linked-to-threat", says, place: place(9), example: "" },
    { must: "in-backlog", says: 'Story "S-1" is in no backlog.', place: place(9), example: "" },
  ];
  expect(onceEach(lacking).map((one) => `${one.says} ${one.place?.line}`)).toEqual([
    "The model holds no security user story. 1",
    "The model holds no security user story. 9",
    'Story "S-1" is in no backlog. 9',
  ]);
});

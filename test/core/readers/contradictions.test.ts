import { expect, test } from "@jest/globals";
import { readModel } from "../../../src/core/readers/read-model.ts";

const own = {
  path: "threat-model.yaml",
  text: `schemaVersion: 1
system: {id: shop, name: Shop}
boundaries:
  - {id: inside, name: Inner network}
elements:
  - {id: web, type: web-app, name: Web shop, boundary: inside}
  - {id: db, type: relational-db, name: Orders}
flows:
  - {id: f1, from: web, to: db, protocol: TLS}
threats:
  - {id: T1, element: web, stride: S, title: Forged session cookie, status: mitigated, controls: [c1]}
controls:
  - {id: c1, title: Signed cookies, status: implemented}
`,
};

function beside(text: string) {
  return readModel([own, { path: "model/second.yaml", text }]);
}

test("two files that say different things of one part are told, and the first holds", () => {
  const read = beside(`schemaVersion: 1
system: {id: shop, name: Shop}
boundaries:
  - {id: outside, name: Outer network}
elements:
  - {id: web, type: http-api, name: Web shop, boundary: outside}
flows:
  - {id: f1, from: db, to: web, protocol: http}
threats:
  - {id: T1, element: web, stride: S, title: Forged session cookie, status: open}
controls:
  - {id: c1, title: Signed cookies, status: proposed}
`);
  expect(read.problems.map(({ path, line, what }) => [path, line, what])).toEqual([
    ["model/second.yaml", 6, "Element `web` has the type `http-api` here and `web-app` at threat-model.yaml:6."],
    ["model/second.yaml", 6, "Element `web` has the boundary `outside` here and `inside` at threat-model.yaml:6."],
    ["model/second.yaml", 8, "Flow `f1` has the source `db` here and `web` at threat-model.yaml:9."],
    ["model/second.yaml", 8, "Flow `f1` has the destination `web` here and `db` at threat-model.yaml:9."],
    ["model/second.yaml", 8, "Flow `f1` has the protocol `http` here and `tls` at threat-model.yaml:9."],
    ["model/second.yaml", 12, "Control `c1` has the status `proposed` here and `implemented` at threat-model.yaml:13."],
    ["model/second.yaml", 10, "Threat `T1` has the status `open` here and `mitigated` at threat-model.yaml:11."],
  ]);
  expect(read.model?.elements[0]).toMatchObject({ type: "web-app", boundary: "inside" });
});

test("what only one file states, and a boundary by its name, is no contradiction", () => {
  const read = beside(`schemaVersion: 1
system: {id: shop, name: Shop}
elements:
  - {id: web, name: Web shop, type: web-app, boundary: inside, technology: nginx}
`);
  expect(read.problems.filter(({ what }) => what.includes(" here and "))).toEqual([]);
  expect(read.model?.elements[0]).toMatchObject({ technology: "nginx", boundary: "inside" });
});

test("a native file beside Markdown carries stories, validation, reviews and answers by the threat's id", () => {
  const read = readModel([
    {
      path: "docs/threat-model.md",
      text: "# Shop\n\nThe shop sells books to people on the web.\n\n## Threats\n\n| ID | Threat | STRIDE | Mitigation |\n|---|---|---|---|\n| T1 | Forged session cookie | S | Signed cookies |\n",
    },
    {
      path: "threat-model.yaml",
      text: `schemaVersion: 1
threats:
  - {id: T1, status: accepted, reason: "Sessions end after five minutes, and nothing is sold without a password."}
controls:
  - {id: c1, title: Signed cookies, status: implemented}
stories:
  - {id: s1, threats: [T1], as: a shopper, need: signed cookies, so: nobody buys in my name, acceptance: ["A forged cookie is refused."]}
validations:
  - {id: v1, control: c1, kind: automated-test, how: "A forged cookie is refused by every page.", result: passed, date: 2026-01-02}
reviews:
  - {by: ada, role: architect, on: 2026-01-03, outcome: approved}
`,
    },
  ]);
  const [threat] = read.model?.threats ?? [];
  expect([threat?.title, threat?.status, threat?.mitigation]).toEqual([
    "Forged session cookie",
    "accepted",
    "Signed cookies",
  ]);
  expect([read.model?.stories.length, read.model?.validations.length, read.model?.reviews.length]).toEqual([1, 1, 1]);
});

import { describe, expect, test } from "@jest/globals";
import { judgeDeliverables, missingDeliverables } from "../../../src/core/assess/deliverables.ts";
import type { Deliverables } from "../../../src/core/domain/assessment.ts";
import {
  type DeliverableId,
  deliverableIds,
  emptyModel,
  type ModelThreat,
  type ThreatModel,
} from "../../../src/core/domain/threat-model.ts";
import { readOne } from "../../../src/core/readers/read-model.ts";
import { deliverableRules } from "../readers/sample.ts";

const rules = deliverableRules();
const place = { path: "threat-model.yaml", line: 1 };

/** A model with nothing in it but what a test says. */
function aModel(parts: Partial<ThreatModel> = {}): ThreatModel {
  return { ...emptyModel("native", ["threat-model.yaml"]), ...parts };
}

function aThreat(parts: Partial<ModelThreat> = {}): ModelThreat {
  return {
    id: "t1",
    title: "Bookings are changed past the service",
    description: "A person with network access changes rows.",
    stride: ["T"],
    status: "open",
    controls: [],
    place,
    ...parts,
  };
}

function judged(parts: Partial<ThreatModel>, paths: readonly string[] = []): Deliverables {
  return judgeDeliverables(aModel(parts), rules, { paths });
}

function says(deliverables: Deliverables, id: DeliverableId): string[] {
  return deliverables[id].lacking.map(({ must, says: words }) => `${must}: ${words}`);
}

test("there are eight rules, and every must of them is asked of a model with nothing in it", () => {
  expect(rules.map(({ id }) => id).sort()).toEqual([...deliverableIds].sort());
  const nothing = judged({});
  for (const rule of rules) {
    const asked = new Set(nothing[rule.id as DeliverableId].lacking.map(({ must }) => must));
    const met = new Set(nothing[rule.id as DeliverableId].met.map(({ must }) => must));
    const silent = rule.musts.filter(({ id }) => !asked.has(id) && !met.has(id)).map(({ id }) => id);
    // These ask something only of parts that are there.
    expect(silent.filter((id) => !["prioritised", "controls-stated", "acceptances-reasoned"].includes(id))).toEqual([]);
  }
});

test("without any model everything is missing, with an example for each must", () => {
  const missing = missingDeliverables(rules);
  for (const id of deliverableIds) {
    expect(missing[id].state).toBe("missing");
    expect(missing[id].lacking.length).toBe(rules.find((rule) => rule.id === id)?.musts.length);
    expect(missing[id].lacking.every(({ example }) => example.trim() !== "")).toBe(true);
  }
});

describe("system context", () => {
  const described = {
    text: "Patients book appointments on the web. The service keeps the bookings and sends reminders.",
    place,
  };
  const base = {
    users: [{ text: "patient", place }],
    data: [{ name: "bookings", classification: "personal", place }],
    links: [],
  };

  test("described with its users: present, and every must that is not met is named", () => {
    const verdict = judged({ system: { ...base, description: described } });
    expect(verdict.context.state).toBe("present");
    expect(verdict.context.where).toEqual(place);
    expect(says(verdict, "context")).toEqual([
      "trust-boundaries: The model names no trust boundary.",
      "architecture-links: The model leads to no architecture documentation.",
    ]);
  });

  test("a sentence is partial, a placeholder is told", () => {
    expect(judged({ system: { ...base, description: { text: "A web shop for shoes.", place } } }).context.state).toBe(
      "partial",
    );
    const verdict = judged({ system: { users: [], data: [], links: [], description: { text: "TBD", place } } });
    expect(verdict.context.state).toBe("missing");
    expect(says(verdict, "context")[0]).toBe("purpose: The description is a placeholder.");
  });

  test("a draft that nobody confirmed is partial", () => {
    const verdict = judged({ system: { ...base, description: described }, drafts: ["system.description"] });
    expect(verdict.context.state).toBe("partial");
    expect(says(verdict, "context")[0]).toBe("purpose: The description is a draft that nobody has confirmed.");
  });

  test("a link resolves from the top, from the model's folder, or is an address", () => {
    const link = (text: string): string[] => {
      const model = {
        system: { users: [], data: [], links: [{ text, place: { path: "docs/threat-model.yaml", line: 4 } }] },
      };
      return says(judged(model, ["docs/architecture.md", "docs/threat-model.yaml"]), "context").filter((line) =>
        line.startsWith("architecture"),
      );
    };
    expect(link("docs/architecture.md#stores")).toEqual([]);
    expect(link("architecture.md")).toEqual([]);
    expect(link("https://example.org/architecture")).toEqual([]);
    expect(link("../../architecture.md")).toEqual([
      'architecture-links: The link to "../../architecture.md" leads to no file of the repository.',
    ]);
    expect(link("docs/gone.md")).toEqual([
      'architecture-links: The link to "docs/gone.md" leads to no file of the repository.',
    ]);
  });
});

describe("STRIDE analysis", () => {
  const web = { id: "web", name: "Booking pages", kind: "process", data: [], files: [], facts: [], place } as const;

  test("present from more than half with a category, and three categories", () => {
    const threats = (count: number): ModelThreat[] =>
      (["S", "T", "R", "I", "D", "E"] as const).map((letter, index) =>
        aThreat({
          id: `t${index}`,
          title: `Threat number ${index} of the pages`,
          description: `What happens in case ${index} here.`,
          stride: index < count ? [letter] : [],
        }),
      );
    expect(judged({ threats: threats(4) }).stride.state).toBe("present");
    expect(judged({ threats: threats(3) }).stride.state).toBe("partial");
    expect(judged({ threats: threats(4) }).stride.found).toBe("4 of 6 threats with a STRIDE category (S, T, R, I).");
  });

  test("each component is asked the categories usual for its kind; not applicable counts only with a reason", () => {
    const verdict = judged({
      elements: [web],
      threats: [
        aThreat({ id: "a", element: "web", stride: ["S"] }),
        aThreat({ id: "b", element: "Booking pages", stride: ["T"] }),
        aThreat({
          id: "c",
          element: "web",
          stride: ["R"],
          status: "not-applicable",
          reason: "The gateway logs every call.",
        }),
        aThreat({ id: "d", element: "web", stride: ["I"], status: "not-applicable", description: "N/A" }),
      ],
    });
    expect(says(verdict, "stride")).toEqual([
      'six-categories: Component "Booking pages" is not considered for Information disclosure (I), Denial of service (D), Elevation of privilege (E).',
    ]);
  });

  test("H076: one sentence for all six categories counts for none", () => {
    const threats = (["S", "T", "R", "I", "D", "E"] as const).map((letter) =>
      aThreat({ id: letter, element: "web", stride: [letter], description: "An attacker may attack the system." }),
    );
    const verdict = judged({ elements: [web], threats });
    expect(verdict.stride.state).toBe("partial");
    expect(says(verdict, "stride")[1]).toBe(
      'threats-described: Threat "S" says the same sentence as the other categories of its component.',
    );
  });

  test("H076: placeholders count for none and are named", () => {
    const verdict = judged({ threats: [aThreat({ title: "TBD", description: "todo", element: "nowhere" })] });
    expect(says(verdict, "stride")).toEqual([
      "six-categories: The model names no components, so nothing shows that each was considered.",
      'threats-described: Threat "t1" is described by a placeholder.',
      "threats-mapped: The model names no components, flows or boundaries, so no threat can name the one that it concerns.",
    ]);
  });
});

describe("risk assessment", () => {
  test("impact and likelihood of each threat, and a priority where one is high", () => {
    const verdict = judged({
      threats: [
        aThreat({ id: "a", impact: "high", likelihood: "low", risk: "medium" }),
        aThreat({ id: "b", impact: "high" }),
        aThreat({ id: "c" }),
      ],
    });
    expect(verdict.risk.state).toBe("partial");
    expect(says(verdict, "risk")).toEqual([
      'impact-and-likelihood: Threat "b" has no likelihood.',
      'impact-and-likelihood: Threat "c" has no impact and no likelihood.',
      'prioritised: Threat "b" is rated high but has no priority.',
    ]);
  });

  test("ratings that stand in drafts alone are partial, drafts without a rating are none", () => {
    const threats = [aThreat({ id: "a", impact: "high", likelihood: "low" }), aThreat({ id: "b" })];
    const drafted = judged({ threats, drafts: ["a", "b"] }).risk;
    expect([drafted.state, drafted.found]).toEqual([
      "partial",
      "0 of 2 threats rated, 1 in drafts that nobody has confirmed.",
    ]);
    expect(judged({ threats: [aThreat({ id: "b" })], drafts: ["b"] }).risk.state).toBe("missing");
  });
});

describe("security controls", () => {
  const control = { id: "c1", title: "The database accepts the service alone", evidence: [], place };

  test("a threat is answered by a control, a plan in words or an acceptance with a reason", () => {
    const verdict = judged({
      controls: [control],
      threats: [
        aThreat({ id: "a", controls: ["c1"] }),
        aThreat({ id: "b", mitigation: "Restrict the network to the service." }),
        aThreat({ id: "c", status: "accepted", reason: "The data is public anyway." }),
        aThreat({ id: "d", status: "accepted" }),
        aThreat({ id: "e", controls: ["gone"] }),
        aThreat({ id: "f", mitigation: "N/A" }),
      ],
    });
    expect(verdict.controls.state).toBe("partial");
    expect(says(verdict, "controls")).toEqual([
      'threats-answered: Threat "e" has no control, no planned control and no acceptance.',
      'threats-answered: Threat "f" has no control, no planned control and no acceptance.',
      'controls-stated: Control "c1" does not say whether it exists or is planned.',
      'acceptances-reasoned: Threat "d" is accepted without a reason.',
    ]);
  });

  test("a drafted control leaves it partial", () => {
    const verdict = judged({ controls: [control], threats: [aThreat({ controls: ["c1"] })], drafts: ["c1"] });
    expect(verdict.controls.state).toBe("partial");
    expect(says(verdict, "controls")).toEqual([
      'threats-answered: Threat "t1" has only drafted controls that nobody has confirmed.',
      'controls-stated: Control "c1" is a draft that nobody has confirmed.',
    ]);
  });
});

describe("stories and validation", () => {
  const story = {
    id: "s1",
    threats: ["a"],
    need: "bookings changed by the service alone",
    acceptance: ["Another host is refused."],
    issue: "#12",
    place,
  };

  test("each threat of medium risk or above has a story; a complete one lacks nothing", () => {
    const threats = [
      aThreat({ id: "a", risk: "medium" }),
      aThreat({ id: "b", risk: "high" }),
      aThreat({ id: "c", risk: "low" }),
      aThreat({ id: "d", risk: "high", status: "accepted" }),
    ];
    const verdict = judged({ threats, stories: [story] });
    expect(verdict.stories.state).toBe("present");
    expect(says(verdict, "stories")).toEqual(['story-for-risk: Threat "b" has no story.']);
  });

  test("a story without criteria, work item or threat says which", () => {
    const verdict = judged({
      stories: [{ id: "s2", threats: [], need: "something better than this", acceptance: [], place }],
    });
    expect(verdict.stories.state).toBe("partial");
    expect(says(verdict, "stories")).toEqual([
      'acceptance-criteria: Story "s2" has no acceptance criteria.',
      'in-backlog: Story "s2" names no work item.',
      'linked-to-threat: Story "s2" names no threat of the model.',
    ]);
  });

  test("a drafted story is partial", () => {
    expect(
      judged({ threats: [aThreat({ id: "a", risk: "high" })], stories: [story], drafts: ["s1"] }).stories.state,
    ).toBe("partial");
  });

  test("present when more than half of the controls are tested; one word is no test", () => {
    const controls = ["c1", "c2", "c3"].map((id) => ({
      id,
      title: `Control ${id} of the service`,
      evidence: [],
      place,
    }));
    const test1 = { id: "v1", control: "c1", how: "test/network.test.ts expects a refusal", place };
    const test2 = { id: "v2", control: "c2", how: "yes", place };
    expect(judged({ controls, validations: [test1, test2] }).validation.state).toBe("partial");
    const verdict = judged({ controls, validations: [test1, { ...test2, how: "a scan every night" }] });
    expect(verdict.validation.state).toBe("present");
    expect(says(verdict, "validation")).toEqual(['controls-tested: Control "c3" has no test, scan or review.']);
  });
});

test("what a format has no place for is not carried, and where to put it is said", () => {
  const verdict = judged({ format: "threat-dragon", notCarried: ["stories"], threats: [aThreat()] });
  expect(verdict.stories.state).toBe("not-carried");
  expect(verdict.stories.found).toBe(
    "The format of this model (threat-dragon) has no place for the security user stories: put it in threat-model.yaml beside it.",
  );
  expect(verdict.stories.lacking).toHaveLength(4);
});

test("documentation: an owner or author, and a date, version or reviewer", () => {
  const owner = { text: "Booking team", place };
  expect(judged({ documentation: { owner, authors: [], reviewers: [] } }).documentation.state).toBe("partial");
  expect(
    judged({ documentation: { owner, authors: [], reviewers: [{ text: "ada", place }] } }).documentation.state,
  ).toBe("present");
  expect(
    judged({ documentation: { owner: { text: "TBD", place }, authors: [], reviewers: [] } }).documentation.state,
  ).toBe("missing");
  expect(
    says(judged({ documentation: { owner, authors: [], reviewers: [] } }, ["README.md"]), "documentation"),
  ).toEqual([
    'beside-the-code: The file "threat-model.yaml" is not in the repository.',
    "dated-or-reviewed: The model gives no date, version or reviewer.",
  ]);
});

test("the examples of the rules are themselves valid threat-model.yaml", () => {
  for (const rule of rules) {
    for (const must of rule.musts) {
      if (must.id === "beside-the-code") continue;
      const read = readOne({ path: "threat-model.yaml", text: `schemaVersion: 1\n${must.example}` });
      const faults = read.problems
        .filter(({ what }) => !/which the model does not hold/.test(what))
        .map(({ what }) => `${must.id}: ${what}`);
      expect(faults.filter((fault) => !/is missing/.test(fault))).toEqual([]);
    }
  }
});

import { describe, expect, test } from "@jest/globals";
import type { RepositorySeed } from "../github/seed.ts";
import { bucket, Stage } from "./stage.ts";
import { Talking } from "./talking.ts";

/* A system that lies in two repositories: `acme/payments` holds its model, `acme/shop` a part of its code. */

const policy = `version: 1
mode: enforce
architects:
  teams: [security-architects]
systems:
  - name: Payments
    repository: payments
`;

/** A model of the system with these stores; each names the files of the other repository by that repository's name. */
function model(stores: readonly string[], threats = ""): string {
  const elements = stores.map(
    (name) => `  - {id: ${name}, name: ${name}, type: object-store, files: [shop/infra/${name}.tf]}\n`,
  );
  return `schemaVersion: 1\nsystem:\n  name: Payments\nelements:\n  - {id: api, name: api, type: process}\n${elements.join("")}${threats}`;
}

const openThreat = `threats:
  - id: T-forged
    element: api
    stride: S
    title: Forged card numbers are accepted
    impact: high
    likelihood: high
    status: open
`;

interface Words {
  readonly payments?: Partial<RepositorySeed> | null;
  readonly shop?: Partial<RepositorySeed>;
  readonly own?: string;
}

async function stageWith({ payments = {}, shop = {}, own = policy }: Words = {}): Promise<Stage> {
  const repositories: RepositorySeed[] = [
    {
      name: "acme/shop",
      private: true,
      files: { "README.md": "# Shop\n", ".github/threatgate.yml": own },
      collaborators: { sam: "write" },
      teams: { "security-architects": "write" },
      ...shop,
    },
  ];
  if (payments) {
    repositories.push({
      name: "acme/payments",
      private: true,
      files: { "README.md": "# Payments\n", "docs/threat-model.yaml": model([], openThreat) },
      collaborators: { sam: "write" },
      ...payments,
    });
  }
  return Stage.set({ seed: { repositories } });
}

const change = { "infra/cards.tf": bucket("cards") };

async function evaluated(stage: Stage, number: number) {
  const { assessment, desired } = await stage.evaluated(number);
  const [system] = assessment.systems;
  if (!system) throw new Error("there is no system");
  const check = stage.check(number);
  return { assessment, desired, system, check, all: JSON.stringify([stage.seen(number), check]) };
}

let branches = 0;

/** Olga merges a change of the model into the repository that holds it. */
function learns(stage: Stage, text: string): void {
  branches++;
  const number = stage.github
    .as("sam")
    .openPullRequest("acme/payments", { branch: `model-${branches}`, files: { "docs/threat-model.yaml": text } });
  stage.github.as("olga").merge("acme/payments", number, "squash");
}

describe("a system whose model stands in another repository", () => {
  test("is judged against that model, and every text says where it stands", async () => {
    const stage = await stageWith();
    const number = stage.opened(change);
    const { system, check, assessment } = await evaluated(stage, number);
    expect(system).toMatchObject({
      name: "Payments",
      modelFiles: ["acme/payments/docs/threat-model.yaml"],
      home: { repository: "acme/payments", isWithheld: false },
    });
    expect(system.uncovered).toHaveLength(1);
    for (const id of ["TM-1", "TM-2", "TM-4"] as const) {
      expect(system.indicators[id].why).toContain("The model stands in acme/payments.");
      expect(check.summary).toContain("The model stands in acme/payments.");
    }
    expect(system.indicators["TM-1"].rag).toBe("GREEN");
    expect(check.summary).toContain("/acme/payments/blob/HEAD/docs/threat-model.yaml");
    expect(check.text).toContain("Text to add to <code>acme/payments/docs/threat-model.yaml</code>");
    expect(check.text).toContain("files: [shop/infra/cards.tf]");
    expect(check.text).toContain("Forged card numbers are accepted");
    expect(stage.questions(number)[0]?.comments[0]?.body).toContain(
      "Put the answer into `acme/payments/docs/threat-model.yaml`, in a pull request there; once it is merged, `/threat recheck` here.",
    );
    expect(stage.reviews(number)[0]?.body).not.toContain("Answer in the threads");
    // What another repository owes to its own model is no finding of this change.
    expect(assessment.reasons.map(({ says }) => says).join()).not.toContain("T-forged");
  });

  test("an update of the model there, since the pull request was opened, covers the change here", async () => {
    const stage = await stageWith();
    const number = stage.opened(change);
    expect((await evaluated(stage, number)).system.uncovered).toHaveLength(1);
    stage.github.clock.set("2026-03-05T09:00:00Z");
    learns(stage, model(["orders"], openThreat));
    expect((await evaluated(stage, number)).system.uncovered).toHaveLength(1);
    learns(stage, model(["orders", "cards"], openThreat));
    expect((await evaluated(stage, number)).system.uncovered).toEqual([]);
  });

  test("TM-1 holds what was merged here against when the model was updated there", async () => {
    const stage = await stageWith();
    stage.github.clock.set("2026-03-06T09:00:00Z");
    const merged = stage.opened(change, { branch: "cards" });
    stage.github.as("olga").merge(stage.name, merged, "squash");
    stage.github.clock.set("2026-04-20T09:00:00Z");
    const number = stage.opened({ "infra/late.tf": bucket("late") }, { branch: "late" });
    const before = (await evaluated(stage, number)).system.indicators["TM-1"];
    expect(before.rag).toBe("AMBER");
    expect(before.why).toBe(
      `New object store: aws_s3_bucket \`cards\` merged 2026-03-06 (45 days ago, #${merged}, in \`infra/cards.tf\`) is not in the model. The model stands in acme/payments.`,
    );
    learns(stage, model(["cards"], openThreat));
    expect((await evaluated(stage, number)).system.indicators["TM-1"].rag).toBe("GREEN");
  });

  test("asks nothing of the other repository while nothing here concerns the system", async () => {
    const stage = await stageWith();
    const number = stage.opened({ "docs/guide.md": "# Guide\n" });
    const { check } = await evaluated(stage, number);
    expect(check.conclusion).toBe("success");
    expect(stage.asked.reading).not.toContain("graphql/Elsewhere");
  });

  test("reads it with a token for that repository alone, which may only read", async () => {
    const stage = await stageWith();
    await stage.evaluated(stage.opened(change));
    const tokens = stage.github.requests.all
      .filter(({ operation }) => operation === "apps/create-installation-access-token")
      .map(({ body }) => body);
    expect(tokens).toContainEqual({
      repositories: ["payments"],
      permissions: { metadata: "read", contents: "read", pull_requests: "read" },
    });
  });

  test("a merge here opens no issue for the threats of the model there", async () => {
    const stage = await stageWith();
    const number = stage.opened(change);
    stage.github.as("olga").merge(stage.name, number, "squash");
    await stage.evaluated(number);
    expect(
      stage
        .issues()
        .map(({ title }) => title)
        .join(),
    ).not.toContain("Forged card numbers");
  });

  test("no command here changes the model there", async () => {
    const stage = await stageWith();
    const number = stage.opened(change);
    await stage.evaluated(number);
    const [threat] = (await stage.evaluated(number)).assessment.threats;
    const talk = await Talking.about(stage, number);
    await talk.said("dana", `/threat not-applicable ${threat?.id} because it is empty`);
    expect(talk.replies.join()).toContain(
      "The model of `Payments` stands in acme/payments, which a pull request here cannot change.",
    );
  });
});

describe("H095: a private model of a public repository's system", () => {
  test("is not quoted: neither threats nor elements, files or numbers of lines, only its colours", async () => {
    const stage = await stageWith({ shop: { private: false } });
    const number = stage.opened(change);
    const { system, all, check } = await evaluated(stage, number);
    expect(system).toMatchObject({ modelFiles: [], openThreats: [], home: { isWithheld: true } });
    expect(system.model).toBeUndefined();
    expect(system.indicators["TM-2"]).toEqual({
      rag: "AMBER",
      why: "The model stands in acme/payments. It is private and not quoted in this public place; its own repository shows why.",
      next: ["See acme/payments."],
    });
    for (const secret of ["Forged", "T-forged", "docs/threat-model.yaml", "medium+ threats"])
      expect(all).not.toContain(secret);
    expect(check.title).not.toContain("no threat model");
    learns(stage, model(["cards"]));
    expect((await evaluated(stage, number)).system.uncovered).toEqual([]);
  });

  test("a public model of a public system is quoted as the policy says", async () => {
    const stage = await stageWith({ shop: { private: false }, payments: { private: false } });
    const { system, all } = await evaluated(stage, stage.opened(change));
    expect(system.home?.isWithheld).toBe(false);
    expect(all).toContain("acme/payments/docs/threat-model.yaml");
    expect(all).not.toContain("Forged");
  });

  test("its repository is not even named where only a private policy names it", async () => {
    const stage = await Stage.set({
      repository: { private: false },
      organisationPolicy:
        "version: 1\nsystems:\n  - {name: Payments, repositories: [shop, payments], repository: hush}\n",
    });
    const { all } = await evaluated(stage, stage.opened(change));
    expect(all).toContain("another repository of acme");
    expect(all).not.toContain("hush");
  });
});

describe("H016: a model in another repository that cannot be read", () => {
  test.each([
    ["is not there, or not shown to us", null, "GitHub does not show us that repository"],
    [
      "holds a link in its place",
      { files: { "docs/threat-model.yaml": { content: "../secret", mode: "120000" } } },
      "symbolic link",
    ],
  ] as const)('%s: UNKNOWN with the reason and what to do, never "no model"', async (_, payments, why) => {
    const stage = await stageWith({ payments });
    const number = stage.opened(change);
    const { system, check, assessment, all } = await evaluated(stage, number);
    expect(check.conclusion).toBe("failure");
    expect(assessment.couldNotEvaluate).toBe(true);
    for (const id of ["TM-1", "TM-2", "TM-4"] as const) {
      expect(system.indicators[id].rag).toBe("UNKNOWN");
      expect(system.indicators[id].why).toContain(why);
      expect(system.indicators[id].next).toHaveLength(1);
    }
    expect(check.summary).toContain("UNKNOWN: the threat model of Payments, which stands in acme/payments");
    expect(all).not.toContain("no threat model");
  });

  test("there is no model in it: that is known, and said with the place", async () => {
    const stage = await stageWith({ payments: { files: { "README.md": "# Payments\n" } } });
    const { system, assessment } = await evaluated(stage, stage.opened(change));
    expect(assessment.couldNotEvaluate).toBe(false);
    expect(system.indicators["TM-2"]).toMatchObject({ rag: "RED" });
    expect(system.indicators["TM-2"].why).toContain("The model stands in acme/payments.");
  });
});

describe("H020: a model of another owner", () => {
  test("is refused by name and line; no other owner is asked", async () => {
    const stage = await stageWith({ own: policy.replace("repository: payments", "repository: other/payments") });
    const number = stage.opened(change);
    const { check, assessment } = await evaluated(stage, number);
    expect(check.conclusion).toBe("failure");
    expect(assessment.problems.map(({ what }) => what)).toContain(
      "The model of system `Payments` is said to stand in `other/payments`, which belongs to another owner.",
    );
    expect(JSON.stringify(stage.github.requests.all)).not.toContain('"other"');
  });

  test("the repository that holds the model is judged by its own files", async () => {
    const stage = await stageWith({ own: policy.replace("repository: payments", "repository: acme/Shop") });
    const { system } = await evaluated(stage, stage.opened(change));
    expect(system.home).toBeUndefined();
    expect(system.indicators["TM-2"].why).toContain("There is no threat model of Payments");
  });
});

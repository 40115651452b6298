import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { readOwnYaml } from "../../src/core/text/yaml.ts";
import type { Permissions } from "../github/world.ts";
import { Talking } from "./talking.ts";

/*
 * What an organisation does not grant is off, alone, and said where somebody would look for it. Nothing else changes: the
 * same questions, the same verdict.
 */

const manifestShape = z.object({ default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])) });

async function permissionsOf(manifest: string): Promise<Permissions> {
  const text = await readFile(new URL(`../../${manifest}`, import.meta.url), "utf8");
  return manifestShape.parse(readOwnYaml(manifest, text).document?.value).default_permissions;
}

const core = await permissionsOf("app.yml");
const full = await permissionsOf("app.full.yml");

/** What `app.full.yml` asks for beside `app.yml`. */
const optional = Object.keys(full).filter(
  (name) => full[name as keyof Permissions] !== core[name as keyof Permissions],
);

interface Said {
  readonly conclusion: string | null | undefined;
  readonly title: string | null | undefined;
  readonly questions: number;
  /** The lines of the check that name alerts which are not read. */
  readonly unread: readonly string[];
  /** How the check and the answer to a command tell to get it into the model. */
  readonly way: string | undefined;
  /** What `/threat apply` is answered with, in its first words. */
  readonly applied: string;
}

/** A control that code scanning could contradict. */
const model = `schemaVersion: 1
system: {name: shop}
elements:
  - {id: web, name: Web shop, type: web-app, files: [src/web/]}
threats:
  - id: injection
    element: web
    stride: T
    title: Search words reach the database as SQL (CWE-89)
    impact: high
    likelihood: medium
    status: mitigated
    controls: [parameters]
controls:
  - {id: parameters, title: Queries take parameters, status: implemented, evidence: [README.md]}
`;

/** One change, one answer and the wish to have it committed, with these permissions. */
async function saidWith(permissions: Permissions): Promise<Said> {
  const talking = await Talking.begin({
    files: { "threat-model.yaml": model },
    repository: { alerts: { codeScanning: [], secretScanning: [], dependabot: [] } },
    seed: { apps: [{ permissions }] },
  });
  const { stage, number, threat } = talking;
  await stage.evaluated(number, { evidence: stage.app.forEvidence(stage.github.app.installation, "shop") });
  const { conclusion, title, summary, text } = stage.check(number);
  await talking.said("sam", `/threat mitigated ${threat} by infra/export.tf:2`);
  const way = talking.replies
    .at(-1)
    ?.split("\n")
    .find((line) => line.endsWith("in a checkout of the branch:"));
  await talking.said("sam", "/threat apply");
  return {
    conclusion,
    title,
    questions: stage.questions(number).length,
    unread: `${summary}\n${text}`.split("\n").filter((line) => line.includes("alerts are not read")),
    way,
    applied: (talking.replies.at(-1) ?? "").split("\n").slice(3).join("\n"),
  };
}

const unreadAs = (what: string): readonly string[] => [
  expect.stringContaining(`These alerts are not read: ${what}.`) as unknown as string,
];

/** What is said where one of them is missing, and only there. */
const off: Readonly<Record<string, Partial<Said>>> = {
  contents: {
    way: "Save the patch and run `git apply`, or in a checkout of the branch:",
    applied:
      "`/threat apply` is not done. This App may read the files of the repository and not write them. Take the patches over by hand, or let `threatgate answer` write them.",
  },
  security_events: { unread: unreadAs("code-scanning (the App was not granted security_events: read)") },
  secret_scanning_alerts: {
    unread: unreadAs("secret-scanning (the App was not granted secret_scanning_alerts: read)"),
  },
  vulnerability_alerts: { unread: unreadAs("dependabot (the App was not granted vulnerability_alerts: read)") },
};

describe("permissions that only `app.full.yml` asks for", () => {
  let granted: Said;

  beforeAll(async () => {
    granted = await saidWith(full);
  });

  test("all granted, nothing is called off", () => {
    expect(granted).toMatchObject({
      unread: [],
      way: "Write `/threat apply` to have it committed here, or in a checkout of the branch:",
      applied: expect.stringContaining("Committed as"),
    });
    expect(optional.toSorted()).toEqual(Object.keys(off).toSorted());
  });

  test.each(optional)("without %s what needs it is off and said, and nothing else changes", async (name) => {
    const said = await saidWith(without(name));
    const asGranted = { ...granted, applied: expect.stringContaining("Committed as") };
    expect(said).toEqual({ ...asGranted, ...off[name] });
  });

  test("none granted, all of it is said in one line each", async () => {
    expect(await saidWith(core)).toEqual({
      ...granted,
      ...off["contents"],
      unread: unreadAs(
        "code-scanning (the App was not granted security_events: read), secret-scanning (the App was not granted secret_scanning_alerts: read), dependabot (the App was not granted vulnerability_alerts: read)",
      ),
    });
  });
});

/** All permissions but what the fuller manifest adds for this one. */
function without(name: string): Permissions {
  const { [name as keyof Permissions]: _, ...others } = full;
  const asBefore = core[name as keyof Permissions];
  return asBefore === undefined ? others : { ...others, [name]: asBefore };
}

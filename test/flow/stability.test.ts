import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

const advise = "version: 1\narchitects:\n  teams: [security-architects]\n";

describe("questions over pushes", () => {
  test("what a later push brings, however grave and wherever sorted, puts no open question away", async () => {
    const stage = await Stage.set({ policy: advise });
    const number = stage.opened({
      "src/orders/mail.py": "send_mail(subject, body, sender, [address])\n",
      "zz/export.tf": bucket("exports"),
    });
    await stage.evaluated(number);
    const before = stage.seen(number).questions;
    expect(before.map(({ path }) => path).toSorted()).toEqual(["src/orders/mail.py", "zz/export.tf"]);

    const names = ["a", "b", "c", "d", "e", "f", "g"];
    stage.pushed(number, {
      ...Object.fromEntries(names.map((name) => [`infra/${name}.tf`, bucket(name)])),
      ...Object.fromEntries(names.map((name) => [`src/${name}/api.ts`, `router.post("/${name}", create);\n`])),
      "src/aa/mail.py": "send_mail(subject, body, sender, [address])\n",
      "infra/roles.tf": 'resource "aws_iam_role_policy" "all" {\n  policy = data.aws_iam_policy_document.all.json\n}\n',
    });
    await stage.evaluated(number);
    const after = stage.seen(number).questions;
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.length).toBeLessThanOrEqual(10);

    stage.pushed(number, { "zz/export.tf": null });
    await stage.evaluated(number);
    // The table that others referred to is gone with its subject: the next one holds it now, and nothing else moved.
    const state = ({ path, resolved, said }: (typeof after)[number]) => [path, resolved, said.length];
    const others = ({ path }: { readonly path: string }) => path !== "zz/export.tf";
    const last = stage.seen(number).questions.slice(0, after.length);
    expect(last.filter(others).map(state)).toEqual(after.filter(others).map(state));
  });
});

import { describe, expect, test } from "@jest/globals";
import { detectChanges } from "../../../src/core/changes/detect.ts";
import { askedAbout, mayBeSamePersons } from "../../../src/core/changes/persons-asked.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";

const rules = await readRules();

/** The people of the call of `name` on a line. */
function personsOf(code: string, name: string): string[] {
  const start = code.indexOf(name);
  return [...askedAbout(code, start, start + name.length)].sort();
}

describe("whom a check asks about", () => {
  test.each([
    ["can?(user, :edit)", "can?(", ["acting"]],
    ["can?(current_user, :edit)", "can?(", ["acting"]],
    ["can?(other, :edit)", "can?(", ["other"]],
    ["can?(:owner, 'author')", "can?(", []],
    ["if (event.author.hasRole(role, other(1)) && user.isActive()) {", "hasRole(", ["author", "other"]],
    ["$this->project->owner->can('edit', $request)", "can(", ["owner"]],
    ["targetUser&.allowed_to?(:read)", "allowed_to?(", ["target"]],
    ["check_access(", "check_access(", []],
  ])("%s", (code, name, persons) => {
    expect(personsOf(code, name)).toEqual(persons);
  });

  test("may be the same where one side does not say, or somebody is on both", () => {
    const [none, acting, owner] = [new Set<string>(), new Set(["acting"]), new Set(["owner"])];
    expect(mayBeSamePersons(none, owner)).toBe(true);
    expect(mayBeSamePersons(new Set(["acting", "owner"]), owner)).toBe(true);
    expect(mayBeSamePersons(acting, owner)).toBe(false);
  });
});

describe("the same guard asked about somebody else", () => {
  const rulesOf = (path: string, before: string, after: string): string[] => {
    const patch = `@@ -4,3 +4,3 @@\n def show\n-${before}\n+${after}\n end`;
    const file = { filename: path, status: "modified" as const, additions: 1, deletions: 1, changes: 2, patch };
    const { changes } = detectChanges({ files: [file], headTexts: [], baseTexts: [], ignore: [], modes: {} }, rules);
    return changes.filter(({ significant }) => significant).map(({ rule, line }) => `${rule}:${line ?? "gone"}`);
  };

  test("is another guard", () => {
    const said = rulesOf("app/orders.rb", "  deny unless can?(user, order)", "  deny unless can?(other, order)");
    expect(said).toContain("access-check-added:5");
  });

  test("is the same where only the name of whoever acts is another", () => {
    const said = rulesOf("app/orders.rb", "  deny unless can?(user, order)", "  deny unless can?(current_user, order)");
    expect(said).not.toContain("access-check-added:5");
  });
});

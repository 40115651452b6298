import { describe, expect, test } from "@jest/globals";
import { Minimatch } from "minimatch";
import { compileGlobs, compileNameGlob } from "../../../src/core/text/globs.ts";
import { isPlainPath, PlainPatterns } from "../../../src/core/text/path-pattern.ts";
import fc from "../../make/fast-check.ts";

describe("path patterns", () => {
  test.each([
    ["src/**", "src/a/b.ts", true],
    ["src/**", "lib/a.ts", false],
    ["**/*.tf", "main.tf", true],
    ["**/*.tf", "infra/.hidden/main.tf", true],
    ["*.md", "docs/a.md", false],
    ["vendor/", "vendor/x/y.go", true],
    ["/docs/*.md", "docs/a.md", true],
    ["./docs/*.md", "docs/a.md", true],
    ["{api,web}/*.ts", "web/a.ts", true],
    ["[a-c]/x", "b/x", true],
    ["Dockerfile", "dockerfile", false],
    ["#notes", "#notes", true],
    ["/", "any/thing", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    const globs = compileGlobs([pattern]);
    expect(globs.refused).toEqual([]);
    expect(globs.matches(path)).toBe(expected);
  });

  test.each([
    ["", "it is empty"],
    ["!src/**", "it begins with `!`, and patterns only say what belongs, never what does not"],
    ["src\\*", "it holds a backslash; paths are written with `/`"],
    ["+(a|aa)*", "it holds an extended glob such as `+(a|b)`; write the cases as `{a,b}`"],
    ["{1..1000000}", "it holds a range in braces; write the cases as `{a,b}`"],
    ["{a,b}".repeat(7), "its braces stand for more than 100 patterns"],
    [`{${"a,".repeat(101)}}`, "its braces stand for more than 100 patterns"],
    ["../secrets/**", "it leaves the repository with `..`"],
    ["a".repeat(257), "it is longer than 256 characters"],
    ["a\u0000b", "it holds control characters"],
  ])("%s is refused by name", (pattern, why) => {
    const globs = compileGlobs([pattern, "kept/**"]);
    expect(globs.refused).toEqual([{ pattern, why }]);
    expect(globs.matches("kept/x")).toBe(true);
  });

  test("10,000 patterns: 200 are used, the others are named (H014)", () => {
    const globs = compileGlobs(Array.from({ length: 10_000 }, (_, index) => `d${index}/**`));
    expect(globs.refused).toHaveLength(9_800);
    expect(globs.refused[0]).toEqual({ pattern: "d200/**", why: "more than 200 patterns" });
    expect([globs.matches("d199/x"), globs.matches("d200/x")]).toEqual([true, false]);
  });

  test("patterns that make other matchers backtrack for minutes say no (H014)", () => {
    const patterns = [
      "*a*a*a*a*b",
      `${"*a".repeat(127)}b`,
      `${"[a-z]*".repeat(40)}b`,
      `${"**/a/".repeat(50)}b`,
      `${"?*".repeat(120)}b`,
    ];
    const globs = compileGlobs(Array.from({ length: 200 }, (_, index) => patterns[index % patterns.length] ?? ""));
    expect(globs.refused).toEqual([]);
    for (const path of ["a".repeat(255), "a/".repeat(2_000), "a".repeat(4_096)])
      expect(globs.matches(path)).toBe(false);
  });

  test("a path longer than any file system allows matches nothing", () => {
    expect(compileGlobs(["**"]).matches("a".repeat(4_097))).toBe(false);
  });
});

describe("the matcher of plain patterns", () => {
  const piece = (pieces: readonly string[]) =>
    fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 }).map((all) => all.join(""));
  const pattern = piece([
    "a",
    "b",
    ".",
    "*",
    "**",
    "?",
    "/",
    "{",
    "}",
    ",",
    "/",
    "*",
    "{a,b}",
    "**/",
    "/**",
    "*.a",
    "$",
    "-",
    "é",
    "💥",
  ]);
  const path = piece(["a", "b", ".", "/", "a", "b", "ab", "/", "é", "💥", "$", "-", "\n", "{", "}", ","]);

  test("matches what the whole matcher matches, wherever it dares", () => {
    let matched = 0;
    fc.assert(
      fc.property(pattern, fc.array(path, { minLength: 20, maxLength: 20 }), (written, paths) => {
        fc.pre(!written.startsWith("/") && !written.startsWith("./") && !written.endsWith("/"));
        const plain = new PlainPatterns("/");
        if (!plain.add(written)) return;
        const whole = new Minimatch(written, {
          dot: true,
          nonegate: true,
          nocomment: true,
          noext: true,
          platform: "linux",
        });
        for (const one of paths.filter((each) => isPlainPath(each, "/"))) {
          if (whole.match(one)) matched++;
          expect([written, one, plain.matches(one)]).toEqual([written, one, whole.match(one)]);
        }
      }),
      { numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  test.each([
    ["ingress.*.cidr_blocks.*", "ingress.0.cidr_blocks.12", true],
    ["ingress.*.cidr_blocks.*", "ingress.cidr_blocks.0", false],
    ["**.privileged", "privileged", true],
    ["**.privileged", "spec.0.privileged", true],
    ["spec.**", "spec", false],
    ["spec.**", "spec.a.b", true],
    ["*{logging,audit}*", "s3_audit_log", true],
    ["*{logging,audit}*", "audit.on", false],
    ["annotations.**{role,scheme}**", "annotations.example/scheme-of", true],
    ["a.*.b", "a./.b", true],
    ["a.**.b", "a..b", true],
    ["[a-c].x", "b.x", true],
  ])("dotted names: %s and %s: %s", (written, name, expected) => {
    expect(compileNameGlob(written)(name)).toBe(expected);
  });

  test("parts that are nearly right a thousand times over say no (H014)", () => {
    const slow = new PlainPatterns("/");
    expect(slow.add(`${"**/a*a*a*b/".repeat(20)}c`)).toBe(true);
    expect(slow.matches(`${"aaaaaaaaab/".repeat(370)}d`)).toBe(false);
    expect(slow.matches(`${"aaaaaaaaab/".repeat(370)}c`)).toBe(true);
  });
});

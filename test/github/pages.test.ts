import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { asInstallation, asking } from "./ask.ts";
import { repositoryNamed } from "./find.ts";
import type { GitHub } from "./github.ts";
import { renderMarkdown } from "./pages/markdown.ts";
import { openExample, shop, startSmall } from "./scene.ts";

let github: GitHub;

beforeAll(async () => {
  github = await startSmall();
  openExample(github);
});

afterAll(() => github.close());

const rendered = (text: string): string =>
  renderMarkdown(github.world, repositoryNamed(github.world, "acme/shop"), text).text;

const page = async (path: string): Promise<string> => String((await asking(github.url)("GET", path)).body);

describe("Markdown", () => {
  test("tables, details, task lists and line ends come out as on GitHub", () => {
    const text = [
      "**a** `b`",
      "next",
      "",
      "| x | y |",
      "|---|--:|",
      "| 1 | 2 |",
      "",
      "- [x] done",
      "",
      "<details><summary>more</summary>",
      "",
      "```yaml",
      "a: <b>",
      "```",
      "",
      "</details>",
    ].join("\n");
    expect(rendered(text)).toBe(
      [
        "<p><strong>a</strong> <code>b</code><br>\nnext</p>",
        '<table><thead><tr><th>x</th><th class="right">y</th></tr>\n</thead><tbody><tr><td>1</td><td class="right">2</td></tr>\n</tbody></table>',
        '<ul><li class="task"><input type="checkbox" disabled checked> done</li>\n</ul>',
        '<details><summary>more</summary><pre class="code" data-language="yaml"><code>a: &lt;b&gt;</code></pre>',
        "</details>",
      ].join("\n"),
    );
  });

  test("scripts, images, handlers, comments and strange links do nothing", () => {
    for (const text of [
      "<script>alert(1)</script>",
      "<img src=https://evil.example/p.png onerror=alert(1)>",
      "![](https://evil.example/p.png)",
      "[click](javascript:alert(1))",
      '<details open onclick="alert(1)">x</details>',
      "<!-- hidden --> seen",
      '<a href="https://evil.example">x</a>',
      "<svg/onload=alert(1)>",
      "</div></article><b>out",
    ]) {
      const tags = [...rendered(text).matchAll(/<[^>]*>/g)].map(([tag]) => tag);
      const quiet = tags.every((tag) =>
        /^<\/?(p|b|br|details|span class="image"|span|a href="https:\/\/evil.example\/p.png"|a)( open)?>$/.test(tag),
      );
      expect(quiet ? "" : tags.join(" ")).toBe("");
      expect(rendered(text)).not.toMatch(/hidden|alert\(1\)<\/script/);
    }
    expect(rendered("<b>open")).toBe("<p><b>open</p>\n</b>");
  });

  test("mentions, references and commits become links only where they lead somewhere", () => {
    const { head } = github.pullRequest("acme/shop", 1);
    const hrefs = [
      ...rendered(
        `@dana @nobody @acme/security-architects #1 #99 acme/shop#1 GH-1 ${head.sha} \`@dana\` a@dana`,
      ).matchAll(/href="([^"]*)"/g),
    ];
    expect(hrefs.map(([, href]) => href)).toEqual([
      "/dana",
      "/orgs/acme/teams/security-architects",
      "/acme/shop/pull/1",
      "/acme/shop/pull/1",
      "/acme/shop/pull/1",
      `/acme/shop/commit/${head.sha}`,
    ]);
  });
});

test("a pull request shows check, review, threads on their lines, who is asked, and the files", async () => {
  const bot = asInstallation(github);
  const { head } = github.pullRequest("acme/shop", 1);
  await bot("POST", `${shop}/check-runs`, {
    name: "threat-model",
    head_sha: head.sha,
    conclusion: "action_required",
    output: { title: "An architect must look", summary: "**Two** changes" },
  });
  await bot("POST", `${shop}/pulls/1/reviews`, {
    event: "COMMENT",
    body: "Threat model: 1 question",
    comments: [{ path: "infra/export.tf", line: 2, body: "Who reads it?" }],
  });
  await bot("POST", `${shop}/pulls/1/requested_reviewers`, { team_reviewers: ["security-architects"] });
  await bot("POST", `${shop}/issues`, { title: "Block public access <b>", labels: ["threat-model"] });
  const shown = await page("/acme/shop/pull/1");
  for (const words of [
    "An architect must look",
    "<strong>Two</strong> changes",
    "Threat model: 1 question",
    "Who reads it?",
    "acme/security-architects",
    "+  bucket = &quot;exports&quot;",
    "Some checks were not successful",
  ]) {
    expect(shown).toContain(words);
  }
  const anchor = `diff-${createHash("sha256").update("infra/export.tf").digest("hex")}R2`;
  expect(shown).toContain(`id="${anchor}"`);
  expect(await page("/acme/shop/pull/1/files")).toBe(shown);
  expect(shown.indexOf("Who reads it?", shown.indexOf('id="files"'))).toBeGreaterThan(0);
  expect(await page("/acme/shop/issues/2")).toContain("Block public access &lt;b&gt;");
  expect(await page("/")).toContain('href="/acme/shop/pull/1"');
  expect(await page("/acme/shop/blob/main/README.md")).toContain("# shop");
  expect(await page(`/acme/shop/runs/${github.checkRuns("acme/shop", 1)[0]?.id}`)).toContain("An architect must look");
  expect((await asking(github.url)("GET", "/acme/nothing/pull/1")).status).toBe(404);
});

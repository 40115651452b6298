import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import { judge } from "../../src/core/judge.ts";
import { standingOf } from "../../src/core/standing.ts";
import { judgingApart } from "../../src/shell/judge-process.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { anAnsweredModel } from "../make/a-large-model.ts";
import { aMergedSnapshot, aPullRequest, aSnapshot } from "../make/a-snapshot.ts";

const context = {
  threatgateVersion: "1",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "r",
};
const killed: string[] = [];
let judging: ReturnType<typeof judgingApart> | undefined;

/** A judge that does as a file of that name in the difference says: `hang`, `crash`, or answers. */
function aJudgeThat(): string {
  const path = join(mkdtempSync(join(tmpdir(), "threatgate-")), "judge.mjs");
  writeFileSync(
    path,
    `process.on("message", ({ id, snapshot }) => {
      if (snapshot.head === "hang") for (;;);
      if (snapshot.head === "crash") process.abort();
      const wait = snapshot.head === "wait" ? 2_500 : 0;
      setTimeout(() => process.send({ id, needs: { texts: [String(process.pid)], look: Object.keys(process.env), teams: [] } }), wait);
    });`,
  );
  return path;
}

afterEach(() => {
  judging?.stop();
  judging = undefined;
  killed.length = 0;
});

describe("judging in a process of its own", () => {
  test("comes to the same as judging here", async () => {
    judging = judgingApart();
    const rules = await readRules();
    // Without an approval nobody asks who pushed: nothing is needed.
    const snapshot = aSnapshot({ pullRequest: aPullRequest({ reviews: [] }) });
    expect(await judging.judge(snapshot, context)).toEqual(judge(snapshot, rules, context));
    expect(await judging.stillNeeded(snapshot, new Set(["security-architects"]))).toBeUndefined();
  });

  test("says how the systems stand after a merge: the service reads no model itself", async () => {
    judging = judgingApart();
    const rules = await readRules();
    const text = anAnsweredModel(rules.threats, { elements: 12, threats: 20 });
    const snapshot = aMergedSnapshot({ models: [{ path: "threat-model.yaml", text }] });
    const { assessment, merged } = await judging.judge(snapshot, context);
    const [system] = merged?.systems ?? [];
    expect(system?.threats.map(({ rule }) => rule).filter((rule) => rule === undefined)).toEqual([]);
    expect(system).toMatchObject({ system: "exports", threatCount: 20 });
    const kept = standingOf({ snapshot, assessment, merged, threads: [], architectsWanted: false });
    expect(kept?.merged).toBe(merged);
    // What is not given is not made up for.
    expect(standingOf({ snapshot, assessment, threads: [], architectsWanted: false })?.merged).toBeUndefined();
    expect((await judging.judge(aSnapshot(), context)).merged).toBeUndefined();
  });

  test("H057: a question that never ends is ended, and the next one is answered by a new process", async () => {
    judging = judgingApart({ time: 1500, module: aJudgeThat(), onKill: (why) => killed.push(why) });
    const first = await judging.stillNeeded({ ...aSnapshot(), head: "fine" }, new Set());
    await expect(judging.stillNeeded({ ...aSnapshot(), head: "hang" }, new Set())).rejects.toThrow("longer than 1.5 s");
    const second = await judging.stillNeeded({ ...aSnapshot(), head: "fine" }, new Set());
    expect(second?.texts).not.toEqual(first?.texts);
    expect(killed).toEqual(["time"]);
  });

  // Only Linux tells how long processors worked for a process; elsewhere the clock decides.
  const onLinux = process.platform === "linux" ? test : test.skip;
  onLinux(
    "H057: whoever waits for a processor that is busy with others is not ended, unless that takes three times as long",
    async () => {
      judging = judgingApart({ time: 2_000, module: aJudgeThat(), onKill: (why) => killed.push(why) });
      expect((await judging.stillNeeded({ ...aSnapshot(), head: "wait" }, new Set()))?.texts).toHaveLength(1);
      expect(killed).toEqual([]);
      judging.stop();
      judging = judgingApart({ time: 100, module: aJudgeThat(), onKill: (why) => killed.push(why) });
      await expect(judging.stillNeeded({ ...aSnapshot(), head: "wait" }, new Set())).rejects.toThrow(
        "longer than 0.1 s",
      );
      expect(killed).toEqual(["time"]);
    },
  );

  test("H086: a question that kills its judge rejects, and nothing else does", async () => {
    judging = judgingApart({ module: aJudgeThat(), onKill: (why) => killed.push(why) });
    const crash = judging.stillNeeded({ ...aSnapshot(), head: "crash" }, new Set());
    const other = judging.stillNeeded({ ...aSnapshot(), head: "fine" }, new Set());
    await expect(crash).rejects.toThrow("the process that judges ended");
    expect((await other)?.texts).toHaveLength(1);
    expect(killed).toEqual(["crash"]);
  });

  test("a process that could not be started is not asked again: the next question starts another one", async () => {
    // In a process of its own, because the path of Node is what is taken away.
    const script = `
      import { judgingApart } from ${JSON.stringify(new URL("../../src/shell/judge-process.ts", import.meta.url).href)};
      const judging = judgingApart({ module: ${JSON.stringify(aJudgeThat())} });
      const ask = () => judging.stillNeeded({ head: "fine" }, new Set()).then(({ texts }) => texts.length, String);
      const node = process.execPath;
      process.execPath = "/no-such-node";
      const answers = [await ask()];
      process.execPath = node;
      answers.push(await ask(), await ask());
      console.log(JSON.stringify(answers));
      judging.stop();`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    expect(JSON.parse(stdout)).toEqual([expect.stringContaining("the process that judges ended"), 1, 1]);
  });

  test("knows no secret of the service", async () => {
    process.env["WEBHOOK_SECRET"] = "not for the judge";
    judging = judgingApart({ module: aJudgeThat() });
    const answer = await judging.stillNeeded(aSnapshot(), new Set());
    delete process.env["WEBHOOK_SECRET"];
    expect(answer?.look.filter((name) => !/^(PATH|NODE_CHANNEL_.*|NODE_COMPILE_CACHE)$/.test(name))).toEqual([]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { commandsIn } from "../../../src/core/commands/read-command.ts";
import { type Command, commandForms, commandNames } from "../../../src/core/domain/command.ts";
import fc from "../../make/fast-check.ts";

const read = (comment: string) => commandsIn(comment).map((one) => ("command" in one ? one.command : one.fault.what));

const accepted: [string, string, readonly Command[]][] = [
  ["help", "/threat help", [{ name: "help" }]],
  ["the bare word", "/threat", [{ name: "help" }]],
  ["recheck, with spaces behind it", "/threat recheck  ", [{ name: "recheck" }]],
  ["Windows line ends", "Hello\r\n\r\n/threat recheck\r\n", [{ name: "recheck" }]],
  ["below a sentence, which GitHub breaks at the line end", "I looked at it.\n/threat stories", [{ name: "stories" }]],
  ["explain", "/threat explain T-7c1e2q", [{ name: "explain", threat: "T-7c1e2q" }]],
  ["an id in code style", "/threat explain `T-7c1e2q`", [{ name: "explain", threat: "T-7c1e2q" }]],
  ["somebody's own id", "/threat reopen THR-12", [{ name: "reopen", threat: "THR-12" }]],
  [
    "capitals of a telephone",
    "/Threat Mitigated T-7c1e2q By C-1",
    [{ name: "mitigated", threat: "T-7c1e2q", by: "C-1" }],
  ],
  [
    "a path with a line, in code style",
    "/threat mitigated T-7c1e2q by `infra/export.tf:20`",
    [{ name: "mitigated", threat: "T-7c1e2q", by: "infra/export.tf:20" }],
  ],
  [
    "a path with a space",
    "/threat mitigated T-7c1e2q by docs/how we do it.md",
    [{ name: "mitigated", threat: "T-7c1e2q", by: "docs/how we do it.md" }],
  ],
  [
    "a reason with the words of the grammar in it",
    "/threat not-applicable T-7c1e2q because it is until now by nobody because unused",
    [{ name: "not-applicable", threat: "T-7c1e2q", because: "it is until now by nobody because unused" }],
  ],
  [
    "an acceptance",
    "/threat accept T-7c1e2q until 2026-09-01 because the export is off until then",
    [{ name: "accept", threat: "T-7c1e2q", until: "2026-09-01", because: "the export is off until then" }],
  ],
  [
    "several, in order",
    "/threat explain T-1a\n/threat config\n\nThanks.\n\n/threat apply",
    [{ name: "explain", threat: "T-1a" }, { name: "config" }, { name: "apply" }],
  ],
  ["after a quotation and an empty line", "> what now?\n\n/threat help", [{ name: "help" }]],
  ["after a closed code block", "```\ncode\n```\n/threat help", [{ name: "help" }]],
  ["after a folded part that is closed", "<details>\n\nlog\n\n</details>\n\n/threat help", [{ name: "help" }]],
];

const ignored: [string, string][] = [
  ["no command", "LGTM"],
  ["another bot's command", "/approve"],
  ["a ticked box", "- [x] /threat accept T-1a until 2026-09-01 because we say so"],
  ["the middle of a line", "please /threat recheck"],
  ["behind a mention", "@threatgate /threat recheck"],
  ["a longer word", "/threatening help"],
  ["another separator", "/threat-help"],
  ["an indented line", "  /threat help"],
  ["a quotation", "> /threat help"],
  ["a nested quotation", "> > /threat help"],
  ["the line below a quoted one, which GitHub shows inside the quotation", "> sam wrote:\n/threat help"],
  ["a reply by mail", "On Monday sam wrote:\n> text\n> /threat help\n"],
  ["a fenced block", "```\n/threat help\n```"],
  ["a fenced block with a language", "```sh\n/threat help\n```"],
  ["a fenced block with tildes", "~~~\n/threat help\n~~~"],
  ["a fence that is never closed", "```\n/threat help"],
  ["a fence that shorter marks do not close", "````\n```\n/threat help\n````"],
  ["an indented code block", "text\n\n    /threat help"],
  ["a code block by a tab", "\t/threat help"],
  ["inline code", "`/threat help`"],
  ["inline code over two lines", "see `\n/threat help` for more"],
  ["a list item", "- /threat help"],
  ["the line below a list item, which belongs to it", "- first\n/threat help"],
  ["a heading", "# /threat help"],
  ["a heading by underlining", "/threat help\n==="],
  ["a table", "| a |\n|---|\n| /threat help |"],
  ["a hidden comment", "<!--\n/threat help\n-->"],
  ["a hidden comment that is never closed", "text\n\n<!--\n/threat help"],
  ["a folded part", "<details><summary>log</summary>\n\n/threat help\n\n</details>"],
  ["preformatted text", "<pre>\n/threat help\n</pre>"],
  ["preformatted text with an empty line", "<pre>\n\n/threat help\n\n</pre>"],
  ["code by HTML in a line", "see <code>\n/threat help</code>"],
  ["a quotation by HTML", "<blockquote>\n\n/threat help\n\n</blockquote>"],
  ["struck through", "~~see\n/threat help~~"],
  ["struck through by HTML", "done <del>\n/threat help</del>"],
  ["emphasis over two lines", "*see\n/threat help*"],
  ["the text of a link", "[see\n/threat help](https://example.com)"],
  ["look-alike letters", "/threаt help"],
  ["an invisible letter in the word", "/threat\u200bhelp"],
  ["an empty comment", ""],
];

const faulty: [string, string, string, string | undefined][] = [
  ["a misspelt command", "/threat mitigate T-1a by x", "`mitigate` is no command.", "Did you mean `mitigated`?"],
  ["an unknown command", "/threat frobnicate", "`frobnicate` is no command.", undefined],
  [
    "words behind a command that takes none",
    "/threat recheck please",
    "`/threat recheck` takes nothing more.",
    undefined,
  ],
  ["no id", "/threat explain", "The id of the threat is missing.", undefined],
  ["the id's slot", "/threat explain T-…", "`T-…` is no id of a threat.", undefined],
  [
    "no control",
    "/threat mitigated T-1a",
    "What mitigates the threat is missing: the word `by`, then a control of the model or a path.",
    "The form is `/threat mitigated T-… by <control or path[:line]>`.",
  ],
  [
    "the slot of our own example",
    "/threat mitigated T-1a by <path:line or control>",
    "`<path:line or control>` is the place for a control or a path.",
    undefined,
  ],
  ["no reason", "/threat not-applicable T-1a", "The reason is missing: the word `because`, then why.", undefined],
  [
    "a reason that says nothing",
    "/threat not-applicable T-1a because n/a",
    "`n/a` is no reason: say in three words or more why.",
    undefined,
  ],
  [
    "the reason's slot",
    "/threat not-applicable T-1a because <reason>",
    "`<reason>` is no reason: say in three words or more why.",
    undefined,
  ],
  [
    "no date",
    "/threat accept T-1a because we can live with it",
    "The day until which the risk is accepted is missing: the word `until`, then a date.",
    undefined,
  ],
  [
    "an acceptance without a reason",
    "/threat accept T-1a until 2026-09-01",
    "The reason is missing: the word `because`, then why.",
    undefined,
  ],
  [
    "text that runs the other way",
    "/threat not-applicable T-1a because \u202eall is well",
    "The command holds a character that cannot be seen (U+202E).",
    "Type it anew.",
  ],
  [
    "a reason without end",
    `/threat not-applicable T-1a because ${"so it is ".repeat(200)}`,
    "The reason is longer than 1000 characters.",
    undefined,
  ],
];

describe("a comment", () => {
  test.each(accepted)("is read as commands: %s", (_, comment, commands) => {
    expect(read(comment)).toEqual(commands);
  });

  test.each(ignored)("holds no command: %s", (_, comment) => {
    expect(commandsIn(comment)).toEqual([]);
  });

  test.each(faulty)("is told what is wrong: %s", (_, comment, what, hint) => {
    const [one, ...others] = commandsIn(comment);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ fault: { what, ...(hint === undefined ? {} : { hint }) } });
  });

  test("with more than ten commands is answered for ten, and says so", () => {
    const found = read("/threat help\n".repeat(30));
    expect(found).toHaveLength(11);
    expect(found[10]).toBe("Only the first 10 commands of a comment are read.");
  });

  test.each([
    ["too long", `${"x ".repeat(15_000)}\n\n/threat help`],
    ["too deep", `${">".repeat(30)} x\n\n/threat help`],
    ["lists in lists", `${"- ".repeat(30)}x\n\n/threat help`],
  ])("that is %s to be parsed says so instead", (_, comment) => {
    expect(read(comment)).toEqual(["This comment is too long or too deeply nested to look for commands in it."]);
  });

  test("never stops the reader, whatever it holds", () => {
    const piece = fc.constantFrom(
      "/threat ",
      "accept ",
      "T-1a ",
      "by ",
      "until ",
      "because ",
      "\n",
      "`",
      "```\n",
      "> ",
      "<pre>",
      "*",
      "[",
      "](",
      "- ",
      "~~",
      "\u202e",
      "x",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const one of commandsIn(pieces.join(""))) expect("command" in one || one.fault.what !== "").toBe(true);
      }),
    );
  });
});

describe("the examples that people are shown", () => {
  test.each(commandNames)("of %s are right", (name) => {
    expect(read(commandForms[name].example)).toMatchObject([{ name }]);
  });

  test("stand beside every fault of a form", () => {
    for (const [, comment] of faulty) {
      for (const one of commandsIn(comment)) {
        if ("fault" in one && one.fault.example !== undefined) expect(read(one.fault.example)).toMatchObject([{}]);
      }
    }
  });
});

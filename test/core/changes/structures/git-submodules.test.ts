import { describe, expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/git-submodules.ts";

function read(text: string): object[] {
  const found = structure.read(".gitmodules", text);
  if ("unreadable" in found) throw new Error(found.unreadable);
  return found.items.map(({ name, line, attributes, lines }) => ({
    name,
    line,
    ...Object.fromEntries(attributes),
    urlLine: lines.get("url"),
  }));
}

const one = (url: string): string => `[submodule "rates"]\n\tpath = ext/rates\n\turl = ${url}\n`;

describe("git submodules", () => {
  test("each gives its path, its branch and where it comes from", () => {
    const text = `# ours\n${one("https://git.example.org/acme/rates.git # mirror")}[core]\n\turl = nothing\n[submodule "a \\"b\\""]\n url="../b"\n branch=x\n`;
    expect(read(text)).toEqual([
      {
        name: "rates",
        line: 2,
        path: "ext/rates",
        url: "https://git.example.org/acme/rates.git",
        origin: "git.example.org/acme/rates",
        protected: true,
        urlLine: 4,
      },
      { name: 'a "b"', line: 7, url: "../b", origin: "../b", protected: true, branch: "x", urlLine: 8 },
    ]);
  });

  test.each([
    ["https://git.example.org/acme/rates.git", "git.example.org/acme/rates"],
    ["git@GIT.example.org:acme/rates.git", "git.example.org/acme/rates"],
    ["ssh://git@git.example.org:22/acme/rates/", "git.example.org/acme/rates"],
    ["git.example.org:acme/rates", "git.example.org/acme/rates"],
    ["https://git.example.org:8443/acme/rates", "git.example.org:8443/acme/rates"],
    ["../../acme/rates.git", "../../acme/rates"],
    ["/srv/git/rates", "/srv/git/rates"],
  ])("%s is %s", (url, origin) => {
    expect(read(one(url))).toMatchObject([{ origin }]);
  });

  test.each([
    ["http://git.example.org/acme/rates", false],
    ["git://git.example.org/acme/rates", false],
    ["ssh://git.example.org/acme/rates", true],
  ])("the way to %s is protected: %s", (url, isProtected) => {
    expect(read(one(url))).toMatchObject([{ protected: isProtected }]);
  });
});

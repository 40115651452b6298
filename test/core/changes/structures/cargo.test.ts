import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/cargo.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("manifest: tables, targets, renamed packages, patches", () => {
  const text = `[dependencies]
rocket = { version = "0.5", features = ["tls"] }
old_json = { package = "serde_json", version = "1.0" }
ring = { version = "0.17", optional = true }
shared = { path = "../shared" }

[dependencies.diesel]
version = "2.2"

[dev-dependencies]
tempfile = "3"

[target.'cfg(unix)'.dependencies]
syslog = "6"

[patch.crates-io]
rocket = { git = "https://github.com/example/rocket", branch = "main" }
`;
  expect(structure.wants("Cargo.toml")).toBe(true);
  expect(toldPackages(structure.read("Cargo.toml", text))).toBe(
    `2 rocket 0.5 runtime
3 serde-json 1.0 runtime
4 ring 0.17 optional
5 shared any runtime path ../shared
7 diesel 2.2 runtime
11 tempfile 3 dev
14 syslog 6 runtime
17 rocket main runtime git https://github.com/example/rocket [dependency-override]`,
  );
});

test("lockfile", () => {
  const text = `version = 3

[[package]]
name = "rocket"
version = "0.5.1"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "odd"
version = "0.1.0"
source = "git+https://github.com/example/odd?branch=main#0123"

[[package]]
name = "orders"
version = "0.1.0"
`;
  expect(structure.wants("Cargo.lock")).toBe(true);
  expect(toldPackages(structure.read("Cargo.lock", text))).toBe(
    `4 rocket 0.5.1 runtime indirect [locked-dependency]
9 odd 0.1.0 runtime git git+https://github.com/example/odd indirect [locked-dependency]`,
  );
});

test("a member that takes a package from its workspace brings nothing new", () => {
  const text = `[dependencies]
rocket = { workspace = true }
syslog = "6"
`;
  const read = structure.read("crates/orders/Cargo.toml", text);
  expect("unreadable" in read ? [] : read.items.map(({ kind, type }) => `${kind} ${type}`)).toEqual([
    "inherited-dependency rocket",
    "dependency syslog",
  ]);
});

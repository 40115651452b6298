import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/bundler.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("groups, repositories, folders, conditions", () => {
  const text = `source "https://rubygems.org"
ruby "3.3.4"

gem "rails", "~> 7.1", ">= 7.1.3"
gem 'toolbox', git: 'https://github.com/example/toolbox', branch: 'main'
gem "debug", groups: [:development, :test]
if ENV["LOCAL"]
  gem "shared", path: "../shared"
end

group :development, :test do
  gem "rspec-rails"
  # gem "gone"
end
gem "pg"
`;
  expect(structure.wants("Gemfile")).toBe(true);
  expect(toldPackages(structure.read("Gemfile", text))).toBe(
    `1 https://rubygems.org [package-registry]
4 rails ~> 7.1, >= 7.1.3 runtime
5 toolbox main runtime git https://github.com/example/toolbox
6 debug any dev
8 shared any runtime path ../shared
12 rspec-rails any dev
15 pg any runtime`,
  );
});

test("a copy on one's own machine stands beside what is installed elsewhere", () => {
  const text = `if ENV["SHARED_DEV"]
  gem "shared", path: "../shared"
else
  gem "shared", "3.4.0"
end
`;
  expect(toldPackages(structure.read("Gemfile", text))).toBe("4 shared 3.4.0 runtime");
});

test("a lockfile knows what was asked for", () => {
  const text = `GIT
  remote: https://github.com/example/toolbox
  revision: 0123
  specs:
    toolbox (0.3.0)

GEM
  remote: https://rubygems.org/
  specs:
    rack (3.1.10)
    rails (7.1.3.4)
      rack (>= 2.2.4)

DEPENDENCIES
  rails (~> 7.1)
  toolbox!
`;
  expect(structure.wants("Gemfile.lock")).toBe(true);
  expect(toldPackages(structure.read("Gemfile.lock", text))).toBe(
    `5 toolbox 0.3.0 runtime git https://github.com/example/toolbox [locked-dependency]
10 rack 3.1.10 runtime indirect [locked-dependency]
11 rails 7.1.3.4 runtime [locked-dependency]`,
  );
});

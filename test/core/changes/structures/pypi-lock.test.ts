import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/pypi-lock.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("Poetry and uv", () => {
  const text = `version = 1

[[package]]
name = "celery"
version = "5.4.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "toolbox"
version = "1.2.0"
source = { git = "https://github.com/example/toolbox?rev=main#0123" }

[[package]]
name = "orders"
version = "0.1.0"
source = { editable = "." }
`;
  expect(structure.wants("uv.lock")).toBe(true);
  expect(toldPackages(structure.read("uv.lock", text))).toBe(
    `4 celery 5.4.0 runtime indirect [locked-dependency]
9 toolbox 1.2.0 runtime git https://github.com/example/toolbox indirect [locked-dependency]`,
  );
});

test("Pipenv", () => {
  const text = `{ "default": { "celery": { "version": "==5.4.0" } }, "develop": { "mypy": { "version": "==1.11.0" } } }`;
  expect(structure.wants("Pipfile.lock")).toBe(true);
  expect(toldPackages(structure.read("Pipfile.lock", text))).toBe(
    `1 celery ==5.4.0 runtime indirect [locked-dependency]
1 mypy ==1.11.0 dev indirect [locked-dependency]`,
  );
});

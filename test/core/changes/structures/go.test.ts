import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/go.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("requirements, what came along, replacements", () => {
  const text = `module example.org/orders

go 1.23

require github.com/gin-gonic/gin v1.10.0

require (
	github.com/jackc/pgx/v5 v5.6.0
	golang.org/x/text v0.16.0 // indirect
)

replace github.com/gin-gonic/gin => github.com/example/gin v1.10.1

replace example.org/shared => ../shared
`;
  expect(structure.wants("go.mod")).toBe(true);
  expect(toldPackages(structure.read("go.mod", text))).toBe(
    `5 github.com/gin-gonic/gin v1.10.0 runtime
8 github.com/jackc/pgx/v5 v5.6.0 runtime
9 golang.org/x/text v0.16.0 runtime indirect
12 github.com/example/gin v1.10.1 runtime alias github.com/example/gin [dependency-override]
14 example.org/shared any runtime path ../shared [dependency-override]`,
  );
});

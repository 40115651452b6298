import { describe, expect, test } from "@jest/globals";
import { sampleFor } from "../../../src/core/threats/sample-for.ts";

const sampleOf = (stack: string) => ({ stack, language: stack, code: `of ${stack}` });
const typescript = sampleOf("typescript");
const python = sampleOf("python");
const terraform = sampleOf("terraform");
const sql = sampleOf("sql");

describe("the sample that a threat shows", () => {
  test.each([
    ["src/orders.ts", "typescript"],
    ["app/orders.py", "python"],
    ["infra/main.tf", "terraform"],
  ])("is the one of the stack of %s", (path, stack) => {
    expect(sampleFor([typescript, python, terraform], path, "http-api")?.stack).toBe(stack);
  });

  test.each([
    "src/main.rs",
    "Orders.cs",
    "app/models/order.rb",
    "public/index.php",
    "cmd/shop/main.go",
    "Cargo.toml",
    "Gemfile",
    "Shop.csproj",
  ])("is none of another language for %s", (path) => {
    expect(sampleFor([typescript, python], path, "http-api")).toBeUndefined();
    expect(sampleFor([typescript], path, "http-api")).toBeUndefined();
  });

  test("is what no language is needed for, where the file's language has none", () => {
    expect(sampleFor([typescript, terraform], "src/main.rs", "object-store")).toBe(terraform);
  });

  test("is that of the thing's own stack in whatever language its file is", () => {
    expect(sampleFor([typescript, sql], "db/schema.rb", "relational-db")).toBe(sql);
  });

  test("is the first for files that are of no language", () => {
    expect(sampleFor([typescript, python], "threat-model.yaml", "http-api")).toBe(typescript);
    expect(sampleFor([typescript, python], "docs/model.md", "http-api")).toBe(typescript);
  });
});

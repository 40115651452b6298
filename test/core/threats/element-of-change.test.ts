import { describe, expect, test } from "@jest/globals";
import type { ModelElement } from "../../../src/core/domain/threat-model.ts";
import { elementOfChange } from "../../../src/core/threats/element-of-change.ts";
import { aChange, aModel, anElement } from "./make.ts";

const bucket = aChange();
const image = aChange({ path: "api/Dockerfile", element: { type: "container-image", name: "api" } });

function found(change: typeof bucket, elements: readonly ModelElement[]): string {
  return elementOfChange(change, aModel({ elements })).element.id;
}

describe("the element that a change concerns", () => {
  test("without a model, or without a match: the changed thing, by type and name", () => {
    expect(elementOfChange(bucket, undefined).element).toEqual({
      id: "object-store-patient-exports",
      type: "object-store",
      name: "patient-exports",
    });
    expect(found(bucket, [anElement({ id: "x", name: "other", type: "object-store" })])).toBe(
      "object-store-patient-exports",
    );
  });

  test("by id or name, however it is spelled", () => {
    expect(found(bucket, [anElement({ id: "S1", name: "Patient Exports", type: "object-store" })])).toBe("S1");
    expect(found(bucket, [anElement({ id: "patient_exports", name: "The bucket", type: "object-store" })])).toBe(
      "patient_exports",
    );
  });

  test("an element of open type matches by name when it is of the same kind", () => {
    expect(found(bucket, [anElement({ id: "S1" })])).toBe("S1");
    expect(found(bucket, [anElement({ id: "S1", kind: "process" })])).toBe("object-store-patient-exports");
    expect(found(bucket, [anElement({ id: "S1", type: "cache" })])).toBe("object-store-patient-exports");
  });

  test("by a technology of that very name", () => {
    const redis = aChange({ element: { type: "cache", name: "redis" } });
    expect(found(redis, [anElement({ id: "sessions", name: "Sessions", type: "cache", technology: "Redis" })])).toBe(
      "sessions",
    );
    expect(
      found(redis, [anElement({ id: "sessions", name: "Sessions", type: "cache", technology: "not redis" })]),
    ).toBe("cache-redis");
  });

  test("by a listed file, for processes", () => {
    const builder = anElement({
      id: "build",
      name: "Build",
      kind: "process",
      type: "container-image",
      files: ["api/**"],
    });
    expect(found(image, [builder])).toBe("build");
    expect(found(image, [{ ...builder, type: "web-app" }])).toBe("container-image-api");
  });

  test("a file never makes a new store an old one beside it", () => {
    const old = anElement({ id: "reports", name: "reports", type: "object-store", files: ["infra/export.tf"] });
    expect(found(bucket, [old])).toBe("object-store-patient-exports");
  });

  test("two that fit equally are none", () => {
    const twice = [anElement({ id: "a", type: "object-store" }), anElement({ id: "b", type: "object-store" })];
    expect(found(bucket, twice)).toBe("object-store-patient-exports");
  });
});

import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { bytesOfBase64, inflate, inflateRaw } from "../../../src/core/text/inflate.ts";
import fc from "../../make/fast-check.ts";

const enough = 4 * 1024 * 1024;

/** Bytes as they occur: noise, and runs that compress well. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 5_000 }),
  fc
    .array(fc.constantFrom("<mxCell ", "vertex=", "style", "=1;", "%20"), { maxLength: 2_000 })
    .map((parts) => Buffer.from(parts.join(""))),
);

describe("what zlib compressed comes back", () => {
  test.each([0, 1, 6, 9])("at level %i, raw and with a header", (level) => {
    fc.assert(
      fc.property(content, (bytes) => {
        expect(inflateRaw(deflateRawSync(bytes, { level }), enough)).toEqual(new Uint8Array(bytes));
        expect(inflate(deflateSync(bytes, { level }), enough)).toEqual(new Uint8Array(bytes));
      }),
      { numRuns: 100 },
    );
  });

  test("with the fixed codes alone", () => {
    const bytes = Buffer.from("boundary ".repeat(2_000));
    expect(inflateRaw(deflateRawSync(bytes, { strategy: 4 }), enough)).toEqual(new Uint8Array(bytes));
  });
});

test("a bomb is refused at the limit, and exactly the limit is read", () => {
  const zeros = deflateRawSync(Buffer.alloc(1_000));
  expect(inflateRaw(zeros, 999)).toBeUndefined();
  expect(inflateRaw(zeros, 1_000)).toHaveLength(1_000);
  expect(inflateRaw(deflateRawSync(Buffer.alloc(100 * 1024 * 1024)), enough)).toBeUndefined();
});

test("broken data is refused, and never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const out = inflateRaw(bytes, 10_000);
      expect(out === undefined || out.length <= 10_000).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  const whole = deflateRawSync(Buffer.from("trust boundary ".repeat(100)));
  for (let cut = 0; cut < whole.length; cut++) expect(inflateRaw(whole.subarray(0, cut), enough)).toBeUndefined();
});

test("base64 is read with its line ends, and refused where it is none", () => {
  expect(bytesOfBase64("AQID\n BA==")).toEqual(new Uint8Array([1, 2, 3, 4]));
  expect(bytesOfBase64("<mxGraphModel>")).toBeUndefined();
});

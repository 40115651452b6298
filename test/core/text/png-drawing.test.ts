import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { drawingInPng, mayHoldDrawing } from "../../../src/core/text/png-drawing.ts";
import { aPng } from "../../make/a-png.ts";

const source = '<mxfile><diagram name="Bücher &amp; Karten"/></mxfile>';

/** A chunk of international text: keyword, flag, method, language, translated keyword, text. */
const international = (flag: number, text: Buffer): Buffer =>
  Buffer.concat([Buffer.from("mxfile\0"), Buffer.from([flag, 0]), Buffer.from("\0\0"), text]);

describe("the drawing comes out of a PNG", () => {
  test.each([
    ["plain text", "tEXt", Buffer.from(`mxfile\0${encodeURIComponent(source)}`)],
    ["text with a header", "zTXt", Buffer.concat([Buffer.from("mxfile\0\0"), deflateSync(encodeURIComponent(source))])],
    [
      "text without",
      "zTXt",
      Buffer.concat([Buffer.from("mxGraphModel\0\0"), deflateRawSync(encodeURIComponent(source))]),
    ],
    ["international text", "iTXt", international(0, Buffer.from(source))],
    ["compressed international text", "iTXt", international(1, deflateSync(source))],
  ])("from %s", (_, type, data) => {
    expect(drawingInPng(aPng([type, data]))).toBe(source);
  });
});

describe("no drawing comes out of", () => {
  test.each([
    ["another file", Buffer.from(source)],
    ["a picture without text", aPng()],
    ["a picture with other text", aPng(["tEXt", Buffer.from(`Title\0${source}`)])],
    ["a picture cut off in the chunk", aPng(["tEXt", Buffer.from(`mxfile\0${source}`)]).subarray(0, 80)],
    [
      "a chunk that claims four gigabytes",
      Buffer.concat([aPng().subarray(0, 8), Buffer.from("ffffffff7a545874", "hex"), Buffer.alloc(20)]),
    ],
    ["a bomb", aPng(["zTXt", Buffer.concat([Buffer.from("mxfile\0\0"), deflateSync(Buffer.alloc(64 * 1024 * 1024))])])],
  ])("%s", (_, bytes) => {
    expect(drawingInPng(bytes)).toBeUndefined();
  });
});

test("only pictures that draw.io saves are looked into", () => {
  expect(["docs/dfd.drawio.png", "a.DIO.PNG", "docs/logo.png", "drawio.png.md"].map(mayHoldDrawing)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

import { styleText } from "node:util";
import { type Palette, plainPalette } from "../core/judge.ts";

/** Colours for a terminal; plain when output goes elsewhere or `NO_COLOR` is set. https://no-color.org */
export function terminalPalette(): Palette {
  if (!process.stdout.isTTY || (process.env["NO_COLOR"] ?? "") !== "") return plainPalette;
  return {
    strong: (text) => styleText("bold", text),
    faint: (text) => styleText("dim", text),
    good: (text) => styleText("green", text),
    warn: (text) => styleText("yellow", text),
    bad: (text) => styleText("red", text),
  };
}

import { type Command, Option } from "commander";
import { clearTitles } from "../../core/diagram/clear-titles.ts";
import { diagramOf } from "../../core/fill.ts";
import { WrongUse } from "../wrong-use.ts";
import { writeNew } from "./convert.ts";
import { givenText } from "./given-files.ts";
import { noModel, tellProblems } from "./model-problems.ts";

interface Options {
  readonly format: "mermaid" | "svg" | "dot";
  readonly out?: string;
  readonly force?: true;
}

/** Elements and flows beyond which laying out takes minutes, and nobody reads the picture. */
const mostDrawn = 1_500;

/** `threatgate diagram`: the data flow diagram of a model, with its trust boundaries as boxes. */
export function addDiagramCommand(program: Command): void {
  program
    .command("diagram")
    .description("draw the data flow diagram of a model")
    .argument("<file>", "a model of any format")
    .addOption(new Option("--format <format>", "what to draw").choices(["mermaid", "svg", "dot"]).default("mermaid"))
    .option("--out <file>", "write there instead of to standard output")
    .option("--force", "overwrite the file of --out")
    .action(async (file: string, options: Options) => {
      const drawn = diagramOf(
        { path: file, text: await givenText(file) },
        options.format === "mermaid" ? "mermaid" : "dot",
      );
      if (drawn.text === undefined) throw noModel(file, drawn.problems);
      tellProblems(drawn.problems);
      if (drawn.parts === 0) throw new WrongUse(`${file} holds no elements and no flows, so there is nothing to draw.`);
      if (options.format === "svg" && drawn.parts > mostDrawn)
        throw new WrongUse(
          `${file} holds ${drawn.parts} elements and flows; at most ${mostDrawn} are laid out as a picture. Use --format dot or mermaid.`,
        );
      const text = options.format === "svg" ? await svgOf(drawn.text) : drawn.text;
      if (options.out === undefined) process.stdout.write(text);
      else await writeNew(options.out, text, options.force === true);
    });
}

/** Lays out DOT and draws it as SVG, in this process, by Graphviz compiled to WebAssembly. */
async function svgOf(dot: string): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  return clearTitles(graphviz.layout(dot, "svg", "dot"));
}

// `node run-pumped.ts LENGTH`: runs each expression of the JSON list on stdin over texts pumped from it; prints each before it is
// run, so that the last line says which one hung, and `done` at the end.
import { pumped, samplesOf } from "./regex-samples.ts";

const length = Number(process.argv[2]);
let input = "";
for await (const chunk of process.stdin) input += String(chunk);
for (const literal of JSON.parse(input) as string[]) {
  process.stdout.write(`${literal}\n`);
  const cut = literal.lastIndexOf("/");
  const expression = new RegExp(literal.slice(1, cut), literal.slice(cut + 1).replaceAll(/[gy]/g, ""));
  for (const sample of samplesOf(expression.source, 2)) {
    for (const text of pumped(sample.slice(0, 100), length)) expression.test(text);
  }
}
process.stdout.write("done\n");

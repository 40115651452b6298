import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { z } from "zod";

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

test("the image holds both manifests, which the set-up page compares with, as the package does", () => {
  const copied = textOf("Dockerfile")
    .split("\n")
    .filter((line) => line.startsWith("COPY --from=build"))
    .flatMap((line) => line.split(" "));
  const { files } = z.object({ files: z.array(z.string()) }).parse(JSON.parse(textOf("package.json")));
  for (const manifest of ["app.yml", "app.full.yml"]) {
    expect(copied).toContain(`/build/${manifest}`);
    expect(files).toContain(manifest);
  }
});

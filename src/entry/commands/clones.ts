import { WrongUse } from "../wrong-use.ts";

/** The clones that `--clone NAME=DIR` names, by repository. Throws WrongUse for anything else. */
export function clonesOf(given: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(
    given.map((one): [string, string] => {
      const at = one.indexOf("=");
      const [name, directory] = [one.slice(0, at).split("/").at(-1) ?? "", one.slice(at + 1)];
      if (at < 1 || name === "" || directory === "") {
        throw new WrongUse(
          `--clone ${one}: expected the repository's name and a folder, such as payments=../payments.`,
        );
      }
      return [name, directory];
    }),
  );
}

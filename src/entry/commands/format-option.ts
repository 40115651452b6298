import { Option } from "commander";

/** `--format` with the values that a command knows, the first of which is the default. Any other is a wrong use. */
export function formatOption(...choices: readonly [string, ...string[]]): Option {
  return new Option("--format <format>", "how to print").choices(choices).default(choices[0]);
}

/**
 * What a text without quotes stands for in the core schema of YAML 1.2: null, a boolean, a number or itself.
 * https://yaml.org/spec/1.2.2/#1032-tag-resolution
 */
export function coreScalar(text: string): string | number | boolean | null {
  if (!mayBeOther.test(text)) return text;
  if (text === "" || /^(?:~|[Nn]ull|NULL)$/.test(text)) return null;
  if (/^(?:[Tt]rue|TRUE)$/.test(text)) return true;
  if (/^(?:[Ff]alse|FALSE)$/.test(text)) return false;
  if (/^[-+]?[0-9]+$/.test(text)) return Number.parseInt(text, 10);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number.parseFloat(text);
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8);
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^(?:\.nan|\.NaN|\.NAN)$/.test(text)) return Number.NaN;
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return text;
}

/** What anything but a text begins with, and how long the words among them are. */
const mayBeOther = /^(?:$|[-+.0-9]|~$|[nNtT]...$|[fF]....$)/;

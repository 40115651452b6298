import type { Language } from "./language.ts";

/** Something that a line of code gives a name to. */
export interface Declaration {
  readonly kind: "function" | "type";
  readonly name: string;
}

interface Form {
  readonly kind: Declaration["kind"];
  /** Linear on one line; the first group is the name. */
  readonly pattern: RegExp;
}

const brace: readonly Form[] = [
  {
    kind: "type",
    pattern:
      /^(?:(?:public|protected|private|internal|static|final|abstract|sealed|open|data|partial|readonly|override|export|value|inner|enum|annotation)\s+)*(?:class|interface|enum|record|struct|object|trait)\s+(\w+)/,
  },
];
// The return type is any run of its characters, blanks included: told apart part by part it could be read in two ways at
// each comma, and a hostile line would never end.
const modified =
  /^(?:(?:public|protected|private|internal|static|final|abstract|virtual|synchronized|default|override|async|sealed|partial|extern|unsafe|new)\s+)+(?:<[^>]{1,80}>\s+)?[\w<>[\],.? ]{1,120}\s(\w+)\s*(?:<[^>]{1,80}>)?\(/;

const forms: Partial<Readonly<Record<Language, readonly Form[]>>> = {
  python: [
    { kind: "function", pattern: /^(?:async\s+)?def\s+(\w+)/ },
    { kind: "type", pattern: /^class\s+(\w+)/ },
  ],
  javascript: [
    { kind: "function", pattern: /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*(\w+)/ },
    {
      kind: "function",
      pattern:
        /^(?:export\s+)?(?:const|let|var)\s+(\w+)\s*(?::[^=]{1,120})?=\s*(?:async\s*)?(?:function\b|\([^()]{0,200}\)\s*(?::[^=]{1,120})?=>|\w+\s*=>|\(\s*\{?\s*$)/,
    },
    {
      kind: "type",
      pattern: /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:declare\s+)?(?:class|interface|enum|type)\s+(\w+)/,
    },
    {
      kind: "function",
      pattern:
        /^(?:(?:public|private|protected|static|async|override|get|set)\s+)*(?!(?:if|for|while|switch|catch|function|return|constructor|super|else|do|try|with|await|new|throw)\b)(?!\w+\(\{$)(\w+)\s*\([^;=]*\)?\s*(?::\s*[^{;=]+)?\{$/,
    },
    { kind: "function", pattern: /^(?:public|private|protected|static|async)\s+(?:(?:static|async)\s+)?(\w+)\s*\($/ },
    // A function that a class keeps in a field: `public canEdit = (`, `private find = async (id: string) => {`
    {
      kind: "function",
      pattern:
        /^(?:(?:public|private|protected|static|readonly)\s+){1,3}(\w+)\s*(?::[^=]{1,120})?=\s*(?:async\s*)?(?:\([^()]{0,200}\)\s*(?::[^=]{1,120})?=>|\(\s*\{?\s*$)/,
    },
  ],
  go: [
    { kind: "function", pattern: /^func\s+(?:\([^)]{0,80}\)\s*)?(\w+)/ },
    { kind: "type", pattern: /^type\s+(\w+)\s+/ },
  ],
  java: [...brace, { kind: "function", pattern: modified }],
  csharp: [...brace, { kind: "function", pattern: modified }],
  kotlin: [...brace, { kind: "function", pattern: /\bfun\s+(?:<[^>]{1,80}>\s*)?(?:\w+\.)?(\w+)\s*\(/ }],
  scala: [...brace, { kind: "function", pattern: /\bdef\s+(\w+)/ }],
  swift: [...brace, { kind: "function", pattern: /\bfunc\s+(\w+)/ }],
  ruby: [
    { kind: "function", pattern: /^def\s+(?:self\.)?(\w+)/ },
    { kind: "type", pattern: /^(?:class|module)\s+([\w:]+)/ },
  ],
  php: [
    { kind: "type", pattern: /^(?:(?:final|abstract|readonly)\s+)*(?:class|interface|trait|enum)\s+(\w+)/ },
    { kind: "function", pattern: /^(?:(?:public|protected|private|static|final|abstract)\s+)*function\s+(\w+)\s*\(/ },
  ],
  rust: [
    { kind: "function", pattern: /^(?:pub(?:\([^)]{1,20}\))?\s+)?(?:async\s+)?(?:unsafe\s+)?fn\s+(\w+)/ },
    { kind: "type", pattern: /^(?:pub(?:\([^)]{1,20}\))?\s+)?(?:struct|enum|trait)\s+(\w+)/ },
  ],
  protobuf: [
    { kind: "type", pattern: /^(?:message|service|enum)\s+(\w+)/ },
    { kind: "function", pattern: /^rpc\s+(\w+)/ },
  ],
};

/** What the line declares, when it declares a function, method or type of its language. */
export function declaredIn(code: string, language: Language): Declaration | undefined {
  for (const { kind, pattern } of forms[language] ?? []) {
    const name = pattern.exec(code)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return undefined;
}

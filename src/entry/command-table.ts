import type { Command } from "commander";

/** Each command by its name, in the order in which help lists them. A command reads what it needs and nothing of the others. */
export const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  check: async () => (await import("./commands/check.ts")).addCheckCommand,
  status: async () => (await import("./commands/status.ts")).addStatusCommand,
  answer: async () => (await import("./commands/answer.ts")).addAnswerCommand,
  changes: async () => (await import("./commands/changes.ts")).addChangesCommand,
  model: async () => (await import("./commands/model.ts")).addModelCommand,
  threats: async () => (await import("./commands/threats.ts")).addThreatsCommand,
  init: async () => (await import("./commands/init.ts")).addInitCommand,
  complete: async () => (await import("./commands/complete.ts")).addCompleteCommand,
  convert: async () => (await import("./commands/convert.ts")).addConvertCommand,
  diagram: async () => (await import("./commands/diagram.ts")).addDiagramCommand,
  evidence: async () => (await import("./commands/evidence.ts")).addEvidenceCommand,
  config: async () => (await import("./commands/config.ts")).addConfigCommand,
  rules: async () => (await import("./commands/rules.ts")).addRulesCommand,
  serve: async () => (await import("./commands/serve.ts")).addServeCommand,
  failed: async () => (await import("./commands/failed.ts")).addFailedCommand,
};

import type { AnswerCommand, AnswerResult, Refusal } from "../domain/command.ts";
import { readOwnYaml } from "../text/yaml.ts";
import { accepted } from "./accepted.ts";
import { editYaml } from "./edit-yaml.ts";
import type { AnsweredSystem, AnswerGround, Meaning } from "./ground.ts";
import { type KnownThreat, threatMeant } from "./known-threats.ts";
import { mitigated } from "./mitigated.ts";
import { acceptedElsewhere, dropAcceptances, leftToPeople } from "./superseded.ts";
import { idPattern, threatEntry } from "./threat-entry.ts";

/*
 * What an answer means: a change of the model, as text (product.md, "Answers"). An answer that would not count once it
 * stands in the model is refused here with the reason (H074, H075), so that nobody commits a text that changes nothing.
 */

/** The change of the model that a command means, or why it means none. Pure; never throws. */
export function answer(command: AnswerCommand, ground: AnswerGround): AnswerResult {
  const threat = threatMeant(command.threat, ground.threats);
  if ("what" in threat) return refused(threat);
  const system = ground.systems[threat.system];
  if (!system) return refused({ what: `No system holds \`${threat.id}\`.`, hint: "Run `/threat recheck`." });
  if ("refused" in system.file) return refused(system.file.refused);
  const { path, text, name } = system.file;
  if (text !== undefined) {
    const { document, problems } = readOwnYaml(path, text);
    const [problem] = problems;
    if (!document) {
      const where = problem?.line === undefined ? path : `${path}:${problem.line}`;
      return refused({
        what: `\`${where}\` cannot be read: ${problem?.what ?? "it is no mapping."}`,
        hint: `${problem?.hint ?? ""} Then answer again.`.trim(),
      });
    }
    if (typeof document.value !== "object" || document.value === null || Array.isArray(document.value))
      return refused({
        what: `\`${path}\` is no mapping of keys.`,
        hint: "Begin it with `schemaVersion: 1`.",
        example: "schemaVersion: 1",
      });
  }
  if (!idPattern.test(threat.id)) {
    return refused({
      what: `\`${threat.id}\` is no id that \`threat-model.yaml\` can carry (letters, digits, dots, underscores, hyphens; at most 64).`,
      hint: `Answer it in ${threat.written ? `\`${threat.written.place.path}\`` : "the model"} itself.`,
    });
  }
  const meant = meaning(command, threat, system, ground);
  if ("what" in meant) return refused(meant);
  const start = { schemaVersion: 1, ...(name === undefined ? {} : { system: { name } }) };
  const after = editYaml(text, start, (document) => meant.write(document));
  const told = { id: threat.derived?.id ?? threat.id, title: threat.title };
  if (text !== undefined && after === text) return { outcome: "already", file: path, threat: told };
  return {
    outcome: "change",
    file: path,
    ...(text === undefined ? {} : { before: text }),
    after,
    threat: told,
    notes: meant.notes,
  };
}

function refused(refusal: Refusal): AnswerResult {
  return { outcome: "refused", ...refusal };
}

function meaning(
  command: AnswerCommand,
  threat: KnownThreat,
  system: AnsweredSystem,
  ground: AnswerGround,
): Meaning | Refusal {
  switch (command.name) {
    case "mitigated":
      return mitigated(command, threat, system, ground);
    case "not-applicable":
      return {
        notes: leftToPeople(threat, system),
        write: (document) => {
          const entry = threatEntry(document, threat, system);
          dropAcceptances(document, threat);
          entry.set("status", "not-applicable");
          entry.set("reason", command.because);
        },
      };
    case "accept":
      return accepted(command, threat, system, ground);
    case "reopen":
      return reopened(threat, system);
  }
}

function reopened(threat: KnownThreat, system: AnsweredSystem): Meaning | Refusal {
  const isAccepted = system.model?.acceptances.some((one) => one.threat === threat.id);
  const status = threat.written?.status ?? threat.derived?.status ?? "open";
  if (!threat.written && !isAccepted) {
    return {
      what: `\`${threat.id}\` is not in the model, so there is no answer to take back.`,
      hint: `It counts as ${status}.`,
    };
  }
  const [elsewhere] = acceptedElsewhere(threat, system);
  if (elsewhere !== undefined) {
    return { what: `The acceptance of \`${threat.id}\` stands in \`${elsewhere}\`.`, hint: "Delete it there." };
  }
  return {
    notes: [],
    write: (document) => {
      const entry = threatEntry(document, threat, system);
      entry.set("status", "open");
      // It said why the threat was set aside; an open one has no such reason.
      entry.delete("reason");
      dropAcceptances(document, threat);
    },
  };
}

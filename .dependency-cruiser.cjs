// The layers of docs/architecture.md, one rule a sentence. Type imports count.
const pureNode = "^node:|^(fs|path|crypto|http|https|net|child_process|os|url|util|stream|timers|worker_threads)$";
const rooms = ["changes", "classify", "readers", "threats", "assess", "present", "commands", "writers", "drafts", "diagram", "system-model", "evidence", "evidence-report"];
const shellRooms = ["github", "local", "trackers", "store", "queue", "web"];

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", comment: "No file may lead back to itself.", from: {}, to: { circular: true } },
    {
      name: "core-is-pure",
      severity: "error",
      comment: "core/ decides; it knows no disk, network, clock, logger or GitHub client.",
      from: { path: "^src/core" },
      to: { path: `${pureNode}|node_modules/(@octokit|probot|pino|pg|pg-boss|kysely|hono|commander|@electric-sql)|^src/(shell|entry)` },
    },
    {
      name: "domain-is-the-ground",
      severity: "error",
      comment: "core/domain imports only itself, zod and hashing.",
      from: { path: "^src/core/domain" },
      to: { pathNot: "^src/core/domain|node_modules/(zod|@noble/hashes)" },
    },
    ...rooms.map((room) => ({
      name: `room-${room}`,
      severity: "error",
      comment: `core/${room} knows its own room, domain/, text/ and pure packages; no other room.`,
      from: { path: `^src/core/${room}/` },
      to: { path: "^src/core/", pathNot: `^src/core/(${room}|domain|text)/` },
    })),
    {
      name: "rooms-meet-in-judge",
      severity: "error",
      comment: "Only core/judge.ts joins the rooms; core/policy.ts and core/reconcile.ts know the ground alone.",
      from: { path: "^src/core/(policy|reconcile)\\.ts$" },
      to: { path: "^src/core/", pathNot: "^src/core/(domain|text)/" },
    },
    {
      name: "text-is-the-ground",
      severity: "error",
      comment: "core/text holds bounded parsing that several rooms need; it knows only domain/.",
      from: { path: "^src/core/text/" },
      to: { path: "^src/core/", pathNot: "^src/core/(domain|text)/" },
    },
    ...shellRooms.map((room) => ({
      name: `shell-${room}`,
      severity: "error",
      comment: `shell/${room} knows its own room, the ports, people on GitHub, the events and domain/; it judges nothing.`,
      from: { path: `^src/shell/${room}/` },
      to: { path: "^src/", pathNot: `^src/shell/${room}/|^src/shell/(ports|people-on-github|event|failures|tables)\\.ts$|^src/core/(domain|text)/` },
    })),
    {
      name: "run-knows-no-github",
      severity: "error",
      comment: "The flow knows judge, reconcile, what joins their answers, ports, events and domain/.",
      from: { path: "^src/shell/(run|look|policy-trial)\\.ts$" },
      to: { path: "^src/", pathNot: "^src/core/(judge|reconcile|standing|strictest|as-it-stands|policy-change)\\.ts$|^src/core/domain/|^src/shell/(ports|event|failures|judge-process|look|policy-trial)\\.ts$" },
    },
    {
      name: "nobody-imports-an-entry",
      severity: "error",
      comment: "Doors lead in; nothing leads to a door.",
      from: { path: "^src/(core|shell)" },
      to: { path: "^src/entry" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"], extensions: [".ts", ".js", ".mjs", ".cjs", ".json"] },
  },
};

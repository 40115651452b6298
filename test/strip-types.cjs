// Jest transform over Node's own type stripping: positions stay the same, so traces and coverage need no source maps.
const { stripTypeScriptTypes } = require("node:module");
const { createHash } = require("node:crypto");

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: "strip" }) }),
  getCacheKey: (source, path) =>
    createHash("sha256")
      .update(process.version)
      .update("\0")
      .update(path)
      .update("\0")
      .update(source)
      .digest("hex")
      .slice(0, 32),
};

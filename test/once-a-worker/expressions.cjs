// Loaded by Node, once a worker: the engine of regular expressions, which compiles each expression once for all suites.
const { RE2JS, RE2Set } = require("re2js");

const compiled = new Map();

exports.RE2JS = RE2JS;
exports.RE2Set = RE2Set;
exports.compileOnce = (regex, flags) => {
  const key = `${flags}\0${regex}`;
  const before = compiled.get(key);
  if (before !== undefined) return before;
  const made = RE2JS.compile(regex, flags);
  compiled.set(key, made);
  return made;
};

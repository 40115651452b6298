// Stands for `re2js` in every suite (jest.config.js). The eight hundred expressions of our rules take half a second to compile.
const { RE2JS, RE2Set, compileOnce } = globalThis.loadOnceAWorker(`${__dirname}/expressions.cjs`);

/** Errors of the engine are none of this suite's: they are thrown again as such. */
function here(work) {
  try {
    return work();
  } catch (fault) {
    throw Object.assign(new Error(fault.message), { name: fault.name });
  }
}

exports.RE2JS = class extends RE2JS {
  static compile(regex, flags = 0) {
    return here(() => compileOnce(regex, flags));
  }
};

exports.RE2Set = class extends RE2Set {
  add(regex) {
    return here(() => super.add(regex));
  }
};

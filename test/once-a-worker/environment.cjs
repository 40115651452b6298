// The environment of every suite: Node's own, and a way around Jest for what is the same in all of them.
const { TestEnvironment } = require("jest-environment-node");

/*
 * Jest loads every module anew for every suite. What costs most of that and keeps nothing between two uses (GitHub's schema
 * built and its description compiled for the stand-in, expressions compiled to automata) is loaded by Node instead: once for all
 * suites of a worker. What Node loads is asked for by test/make/once-a-worker.ts.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.loadOnceAWorker = (path) => require(path);
  }
};

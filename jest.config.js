// In any other environment graphql asks of each type, at each use, whether it came from a second copy of the library.
process.env.NODE_ENV = "production";

export default {
  testEnvironment: "<rootDir>/test/once-a-worker/environment.cjs",
  globalSetup: "<rootDir>/test/once-a-run/temporary-folder.mjs",
  globalTeardown: "<rootDir>/test/once-a-run/nothing-left.mjs",
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^re2js$": "<rootDir>/test/once-a-worker/re2js.cjs" },
  transform: { "^.+\\.ts$": "<rootDir>/test/strip-types.cjs" },
  // Said once, for the slowest machine: what a test expects is never a time. One that hangs still ends.
  testTimeout: 300_000,
  // Many suites wait for processes and servers: a third worker uses what two cores leave.
  maxWorkers: 3,
  // Modules of a suite stay in its worker; a heap of gigabytes costs more than a new worker.
  workerIdleMemoryLimit: "800MB",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // Histories of the whole service take minutes each: `npm run test:long` runs them, so that `npm test` stays under eight.
  testPathIgnorePatterns: ["/node_modules/", ...(process.env.LONG_TESTS ? [] : ["\\.long\\.test\\.ts$"])],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/launcher/node", "<rootDir>/examples"],
  coverageProvider: "v8",
  collectCoverageFrom: ["src/**/*.ts"],
};

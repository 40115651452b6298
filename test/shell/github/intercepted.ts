import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import nock from "nock";

/**
 * Answers the requests of a test file from nock alone, and fails a test that leaves one of them unasked. Whatever is
 * patched is taken back at the end, because test files share a process.
 */
export function interceptRequests(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
  });

  beforeEach(() => nock.disableNetConnect());

  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    expect(left).toEqual([]);
  });

  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

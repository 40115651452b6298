import assert from "node:assert/strict";
import test from "node:test";
import { requirePatient } from "../src/http/session.js";

test("a clinician cannot use a patient's routes", () => {
  let status = 0;
  const response = { status: (code) => { status = code; return { json: () => {} }; } };
  requirePatient({ oidc: { user: { role: "clinician" } } }, response, () => assert.fail("let through"));
  assert.equal(status, 403);
});

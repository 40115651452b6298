import assert from "node:assert/strict";
import test from "node:test";
import { requireClinician } from "../src/http/session.js";

test("a patient cannot open the diary", () => {
  let status = 0;
  const response = { status: (code) => { status = code; return { json: () => {} }; } };
  requireClinician({ oidc: { user: { role: "patient", password: "not-a-secret" } } }, response, () => assert.fail("let through"));
  assert.equal(status, 403);
});

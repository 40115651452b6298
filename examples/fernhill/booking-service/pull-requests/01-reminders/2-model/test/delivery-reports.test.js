import assert from "node:assert/strict";
import test from "node:test";
import twilio from "twilio";

test("a report without Twilio's signature is refused", () => {
  const valid = twilio.validateRequest("token", "forged", "https://booking.fernhill.example/hooks/twilio/status", {});
  assert.equal(valid, false);
});

import { describe, expect, test } from "@jest/globals";
import { jiraAccess } from "../../src/entry/jira.ts";

const whole = {
  JIRA_URL: "https://acme.atlassian.net/",
  JIRA_EMAIL: "bot@acme.example",
  JIRA_API_TOKEN: "secret-token",
  JIRA_OWNERS: "acme, acme-labs",
};

describe("the environment of Jira", () => {
  test("all four connect it, none leaves it out", () => {
    expect(jiraAccess({})).toBeUndefined();
    expect(jiraAccess({ JIRA_URL: "" })).toBeUndefined();
    expect(jiraAccess(whole)?.site.settings).toEqual({
      url: "https://acme.atlassian.net",
      email: "bot@acme.example",
      token: "secret-token",
      owners: ["acme", "acme-labs"],
    });
  });

  test.each(Object.keys(whole))("without %s it is said what is missing, and no value is shown", (name) => {
    const given = { ...whole, [name]: undefined };
    expect(() => jiraAccess(given)).toThrow(new RegExp(`^${name} is missing: it `));
    expect(() => jiraAccess(given)).not.toThrow(/secret-token/);
  });

  test.each(["http://acme.atlassian.net", "ftp://acme.example", "acme", "http://127.0.0.1.evil.example"])(
    "%s is no address for a token",
    (address) => {
      expect(() => jiraAccess({ ...whole, JIRA_URL: address })).toThrow(/^JIRA_URL cannot be used/);
    },
  );
});

import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/graphql.ts";
import { told } from "../../../make/an-item.ts";

test("fields of the root types are operations", () => {
  const text = `type Query {
  """
  All of them: even this: looks like a field
  """
  orders(
    first: Int
  ): [Order!]! @authenticated
}
type Order {
  buyerEmail: String # a comment
}
input NewOrder { note: String! }
`;
  expect(structure.wants("schema.graphql")).toBe(true);
  expect(told(structure.read("schema.graphql", text))).toBe(
    `5 graphql-operation query orders (Query.orders) query orders
  5 returns = "[Order!]!"
  5 directives = "@authenticated"
10 graphql-field buyer_email (Order.buyerEmail) Order.buyerEmail
  10 type = "String"
  10 owner = "Order"
  10 directives = "none"
12 graphql-field note (NewOrder.note) NewOrder.note
  12 type = "String!"
  12 owner = "NewOrder"
  12 directives = "none"`,
  );
});

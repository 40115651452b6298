import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/protobuf.ts";
import { told } from "../../../make/an-item.ts";

test("operations and fields, nested ones under their message, comments left out", () => {
  const text = `syntax = "proto3";
package orders.v1;

service Orders {
  rpc List(ListRequest) returns (stream Order) {
    option (google.api.http) = { get: "/v1/orders" };
  }
  // rpc Gone(A) returns (B);
}
message Order {
  string id = 1;
  message Buyer {
    optional string emailAddress = 1 [json_name = "email"]; /* who
    string hidden = 9; */
  }
  map<string, int64> counts = 2;
}
`;
  expect(structure.wants("orders.proto")).toBe(true);
  expect(told(structure.read("orders.proto", text))).toBe(
    `5 protobuf-operation Orders.List (Orders.List) Orders.List
  5 request = "ListRequest"
  5 response = "Order"
  5 streaming = true
11 protobuf-field id (Order.id) Order.id
  11 message = "Order"
  11 type = "string"
13 protobuf-field email_address (Order.Buyer.emailAddress) Order.Buyer.emailAddress
  13 message = "Order.Buyer"
  13 type = "string"
16 protobuf-field counts (Order.counts) Order.counts
  16 message = "Order"
  16 type = "map<string, int64>"`,
  );
});

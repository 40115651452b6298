import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/openapi.ts";
import { told } from "../../../make/an-item.ts";

test("operations with their security, schemes, servers, webhooks and fields", () => {
  const text = `openapi: 3.1.0
servers:
  - url: https://api.orders.test
security:
  - key: []
paths:
  /orders/{id}:
    parameters:
      - name: id
        in: path
    get:
      operationId: one
      tags: [orders]
    put:
      security:
        - oauth: [write, admin]
          key: []
        - {}
      requestBody:
        content:
          multipart/form-data: {}
    delete:
      security: []
webhooks:
  shipped:
    post: {}
components:
  securitySchemes:
    key:
      type: apiKey
      in: header
  schemas:
    Order:
      properties:
        dateOfBirth: { type: string, format: date }
        lines:
          type: array
          items:
            properties:
              SKU: { type: string }
`;
  expect(structure.wants("api/openapi.yaml")).toBe(true);
  expect(told(structure.read("api/openapi.yaml", text))).toBe(
    `11 openapi-operation get /orders/{id} (get /orders/{id}) GET /orders/{id}
  4 security = "key"
  - method = "get"
  - path = "/orders/{id}"
  12 operationId = "one"
  13 tags.0 = "orders"
  9 parameters.id = "path"
14 openapi-operation put /orders/{id} (put /orders/{id}) PUT /orders/{id}
  15 security = "oauth(write, admin)+key | none"
  - method = "put"
  - path = "/orders/{id}"
  9 parameters.id = "path"
  21 body.0 = "multipart/form-data"
  21 uploads = true
22 openapi-operation delete /orders/{id} (delete /orders/{id}) DELETE /orders/{id}
  23 security = "none"
  - method = "delete"
  - path = "/orders/{id}"
  9 parameters.id = "path"
26 openapi-webhook shipped (post shipped) shipped
  - webhook = true
29 openapi-security-scheme apiKey header (key) key
  30 type = "apiKey"
  31 in = "header"
4 openapi-security default (security) default security
  4 security = "key"
3 openapi-server https://api.orders.test (https://api.orders.test) https://api.orders.test
  3 url = "https://api.orders.test"
35 openapi-field date_of_birth (Order.properties.dateOfBirth) Order.dateOfBirth
  35 schema = "Order"
  35 type = "string"
  35 format = "date"
36 openapi-field lines (Order.properties.lines) Order.lines
  36 schema = "Order"
  37 type = "array"
40 openapi-field sku (Order.properties.lines.items.properties.SKU) Order.SKU
  40 schema = "Order"
  40 type = "string"`,
  );
});

test("Swagger 2 in JSON", () => {
  const text = `{
  "swagger": "2.0",
  "paths": {
    "/files": { "post": { "parameters": [{ "name": "file", "in": "formData", "type": "file" }] } }
  },
  "securityDefinitions": { "basic": { "type": "basic" } },
  "definitions": { "Person": { "properties": { "homeAddress": { "type": "string" } } } }
}
`;
  expect(structure.wants("swagger.json")).toBe(true);
  expect(told(structure.read("swagger.json", text))).toBe(
    `4 openapi-operation post /files (post /files) POST /files
  - security = "not stated"
  - method = "post"
  - path = "/files"
  4 parameters.file = "formData"
  4 uploads = true
6 openapi-security-scheme basic (basic) basic
  6 type = "basic"
7 openapi-field home_address (Person.properties.homeAddress) Person.homeAddress
  7 schema = "Person"
  7 type = "string"`,
  );
});

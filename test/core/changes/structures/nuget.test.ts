import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/nuget.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("project file", () => {
  const text = `<Project Sdk="Microsoft.NET.Sdk.Web">
  <ItemGroup>
    <PackageReference Include="Npgsql" Version="8.0.3" />
    <PackageReference Include="StyleCop.Analyzers" Version="1.1.118" PrivateAssets="all" />
    <PackageReference Include="Dapper">
      <Version>2.1.35</Version>
    </PackageReference>
  </ItemGroup>
</Project>
`;
  expect(structure.wants("src/Orders/Orders.csproj")).toBe(true);
  expect(toldPackages(structure.read("src/Orders/Orders.csproj", text))).toBe(
    `3 npgsql 8.0.3 runtime
4 stylecop.analyzers 1.1.118 dev
5 dapper 2.1.35 runtime`,
  );
});

test("central versions", () => {
  const text = `<Project>
  <ItemGroup>
    <PackageVersion Include="Npgsql" Version="8.0.3" />
    <PackageVersion Include="xunit" Version="2.8.1" />
  </ItemGroup>
</Project>
`;
  expect(structure.wants("Directory.Packages.props")).toBe(true);
  expect(toldPackages(structure.read("Directory.Packages.props", text))).toBe(
    `3 npgsql 8.0.3 runtime [managed-dependency]
4 xunit 2.8.1 test [managed-dependency]`,
  );
});

test("lockfile and sources", () => {
  const text = `{ "dependencies": { "net8.0": { "Npgsql": { "type": "Direct", "resolved": "8.0.3" }, "Microsoft.Extensions.Logging": { "type": "Transitive", "resolved": "8.0.0" } } } }`;
  expect(structure.wants("packages.lock.json")).toBe(true);
  expect(toldPackages(structure.read("packages.lock.json", text))).toBe(
    `1 npgsql 8.0.3 runtime [locked-dependency]
1 microsoft.extensions.logging 8.0.0 runtime indirect [locked-dependency]`,
  );
});

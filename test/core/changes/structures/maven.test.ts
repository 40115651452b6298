import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/maven.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("scopes, properties, managed versions, plugins, repositories", () => {
  const text = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.3.1</version>
  </parent>
  <properties><jwt.version>0.12.6</jwt.version></properties>
  <dependencies>
    <dependency>
      <groupId>io.jsonwebtoken</groupId>
      <artifactId>jjwt-api</artifactId>
      <version>\${jwt.version}</version>
    </dependency>
    <!-- <dependency><artifactId>old</artifactId></dependency> -->
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <scope>test</scope>
    </dependency>
  </dependencies>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>org.yaml</groupId>
        <artifactId>snakeyaml</artifactId>
        <version>2.2</version>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <repositories>
    <repository><id>ours</id><url>https://packages.example.org/maven</url></repository>
  </repositories>
</project>
`;
  expect(structure.wants("pom.xml")).toBe(true);
  expect(toldPackages(structure.read("pom.xml", text))).toBe(
    `4 org.springframework.boot:spring-boot-starter-parent 3.3.1 build
11 io.jsonwebtoken:jjwt-api 0.12.6 runtime
17 org.junit.jupiter:junit-jupiter any test
25 org.yaml:snakeyaml 2.2 build [managed-dependency]
31 https://packages.example.org/maven [package-registry]`,
  );
});

test("another module of the same build, at the version that is being built, comes from no registry", () => {
  const text = `<project>
  <parent>
    <groupId>org.example.shop</groupId>
    <artifactId>shop</artifactId>
    <version>1.4.0</version>
  </parent>
  <dependencies>
    <dependency>
      <groupId>org.example.shop</groupId>
      <artifactId>shop-core</artifactId>
      <version>\${project.version}</version>
    </dependency>
    <dependency>
      <groupId>org.example.shop</groupId>
      <artifactId>shop-old</artifactId>
      <version>0.9.0</version>
    </dependency>
  </dependencies>
</project>
`;
  const read = structure.read("shop-web/pom.xml", text);
  if ("unreadable" in read) throw new Error(read.unreadable);
  const sources = read.items.map(({ name, attributes }) => `${name} ${String(attributes.get("source"))}`);
  expect(sources).toContain("org.example.shop:shop-core path");
  expect(sources).toContain("org.example.shop:shop-old registry");
});

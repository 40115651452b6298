import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/gradle.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("Groovy and Kotlin notations", () => {
  const text = `val jwtVersion = "0.12.6"
plugins {
    id("org.springframework.boot") version "3.3.1"
    kotlin("jvm") version "2.0.0"
}
repositories { maven { url = uri("https://packages.example.org/maven") } }
dependencies {
    implementation("io.jsonwebtoken:jjwt-api:$jwtVersion")
    implementation(platform("org.springframework.boot:spring-boot-dependencies:3.3.1"))
    implementation(libs.postgres)
    implementation(project(":shared"))
    runtimeOnly 'org.postgresql:postgresql'
    testImplementation("io.mockk:mockk:1.13.11")
    compile group: 'com.google.guava', name: 'guava', version: '33.0.0-jre'
    // implementation("com.example:gone:1.0")
}
`;
  expect(structure.wants("build.gradle.kts")).toBe(true);
  expect(toldPackages(structure.read("build.gradle.kts", text))).toBe(
    `3 org.springframework.boot 3.3.1 build
4 org.jetbrains.kotlin.jvm 2.0.0 build
6 https://packages.example.org/maven [package-registry]
8 io.jsonwebtoken:jjwt-api 0.12.6 runtime
9 org.springframework.boot:spring-boot-dependencies 3.3.1 build
10 libs.postgres any runtime
12 org.postgresql:postgresql any runtime
13 io.mockk:mockk 1.13.11 test
14 com.google.guava:guava 33.0.0-jre runtime`,
  );
});

test("a version catalogue", () => {
  const text = `[versions]
spring = "3.3.1"

[libraries]
spring-web = { module = "org.springframework.boot:spring-boot-starter-web", version.ref = "spring" }
guava = "com.google.guava:guava:33.0.0-jre"
junit = { group = "org.junit.jupiter", name = "junit-jupiter", version = "5.10.3" }

[plugins]
boot = { id = "org.springframework.boot", version.ref = "spring" }
`;
  expect(structure.wants("gradle/libs.versions.toml")).toBe(true);
  expect(toldPackages(structure.read("gradle/libs.versions.toml", text))).toBe(
    `5 org.springframework.boot:spring-boot-starter-web 3.3.1 runtime
6 com.google.guava:guava 33.0.0-jre runtime
7 org.junit.jupiter:junit-jupiter 5.10.3 test
10 org.springframework.boot 3.3.1 build`,
  );
});

test("a version whose colon stands in a value", () => {
  const text = `dependencies {
  implementation("org.example:shop-web$shopVersion")
  implementation("org.example:shop-mail\${mailVersion}")
}
`;
  expect(toldPackages(structure.read("build.gradle.kts", text)).replaceAll(/ \S* runtime/g, "")).toBe(
    `2 org.example:shop-web
3 org.example:shop-mail`,
  );
});

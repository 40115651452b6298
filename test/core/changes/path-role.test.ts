import { describe, expect, test } from "@jest/globals";
import { type PathRole, roleOf } from "../../../src/core/changes/path-role.ts";

const paths: Readonly<Record<PathRole, readonly string[]>> = {
  production: [
    "frontend/next.config.js",
    "clients/web/nuxt.config.ts",
    "src/main/java/org/example/samples/shop/OrderController.java",
    "src/orders/api.ts",
    "app/controllers/orders_controller.rb",
    "src/main/java/shop/OrderController.java",
    "src/items/list.go",
    "db/migrations/0001_orders.sql",
    "terraform/environments/dev/main.tf",
    "terraform/sandbox/network.tf",
    "clusters/playground/ingress.yaml",
    ".github/workflows/release-please.yml",
    "src/history.ts",
    "src/cassette/player.ts",
    "store/OrderFactory.php",
    "services/seeder/peers.go",
    "util/SeederApi/Program.cs",
    "terraform/orders-demo/network.tf",
    "src/messages/queue/send.php",
  ],
  view: [
    "web/src/pages/Orders.tsx",
    "src/components/menu.ts",
    "ui-desk/src/app/core/menu.service.ts",
    "src/app/robots.ts",
    "server/www/js/main.js",
    "shop/static/scripts/menu.js",
    "app/views/orders/index.html.erb",
    "Pages/Orders.cshtml",
  ],
  test: [
    "vcr_cassettes/orders_get.yaml",
    "test/orders.ts",
    "src/orders/api.test.ts",
    "orders/store_test.go",
    "tests/test_orders.py",
    "spec/models/order_spec.rb",
    "src/test/java/shop/OrderControllerTest.java",
    "src/Shop.Api.Tests/OrderTests.cs",
    "database/factories/OrderFactory.php",
    "docker-compose.test.yml",
    "util/DbSeederTool/Program.cs",
    "src/aat/resources/orders.json",
    "src/contractTest/java/shop/Orders.java",
    "tests-perf/orders/load.py",
    "tests_nightly_performance/orders.py",
  ],
  documentation: ["debian/copyright", "README.md", "docs/auth/sign-in.md", "CHANGELOG.md", "LICENSE", "doc/api.rst"],
  translation: [
    "locales/de.json",
    "config/locales/en.yml",
    "src/i18n/messages.ts",
    "resources/lang/fr/auth.php",
    "shop/messages/fr/base.php",
    "messages/zh-CN.json",
    "app/Language/en-US.ini",
  ],
  style: ["web/app.css", "styles/main.scss"],
  asset: ["static/logo.svg", "img/photo.png"],
  generated: [
    "proto/gen/orders.pb.go",
    "web/dist/app.js",
    "src/Migrations/20240101_Orders.Designer.cs",
    "db/structure.sql",
  ],
  vendored: ["vendor/github.com/a/b.go", "third_party/zlib/inflate.c"],
  lockfile: ["package-lock.json", "web/yarn.lock", "go.sum", "Cargo.lock"],
  tooling: [
    "catalog-info.yaml",
    "buildSrc/src/main/kotlin/shop.java-conventions.gradle.kts",
    ".eslintrc.json",
    "vite.config.ts",
    "tsconfig.base.json",
    ".pre-commit-config.yaml",
    ".gitattributes",
    "Vagrantfile",
    "deploy/Vagrantfile",
  ],
  example: ["examples/send/main.py", "samples/config.yml"],
};

describe("what a path is for", () => {
  for (const [role, list] of Object.entries(paths)) {
    test.each(list)(`%s is ${role}`, (path) => {
      expect(roleOf(path)).toBe(role);
    });
  }

  test("a hostile path is read in its first thousand characters", () => {
    expect(roleOf(`${"a/".repeat(100_000)}b.ts`)).toBe("production");
  });
});

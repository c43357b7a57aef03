import Foundation
import TestSupport
import Testing

/// The settings that `collect` records for servers beside the collected root.
///
/// Goal: no Python runs at the start of a server, and no record is used that has become wrong. Method:
/// one change of the project or the environment in each row; a line says whether the project was asked.
@Suite struct ServingRecordTests {
  private static let settings = """
    import os, helper
    WHITENOISE_MAX_AGE = int(os.environ.get("AGE", "7"))
    SECRET_KEY = os.getenv("SECRET_KEY", "x")
    WHITENOISE_ROOT = BASE / "public"
    with open(BASE / ".env") as file: file.read()
    """

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var isAsked = true
    var environment: [String: String] = [:]
    var arguments: [String] = []
    var change: @Sendable (DjangoSite) throws -> Void = { _ in }

    var testDescription: String { name }
  }

  private static func append(_ path: String) -> @Sendable (DjangoSite) throws -> Void {
    { site in
      let text = site.directory.text(path) ?? ""
      site.directory.write(text + "\n#\n", to: path)
    }
  }

  @Test(
    "what makes a record wrong",
    arguments: [
      Row(name: "nothing", isAsked: false),
      Row(name: "manage.py", change: append("manage.py")),
      Row(name: "the settings", change: append("site_settings.py")),
      Row(name: "a module of the settings", change: append("helper.py")),
      Row(name: "a file that they read", change: append(".env")),
      Row(name: "another file", isAsked: false, change: append("other.txt")),
      Row(name: "a new module", change: { $0.directory.write("", to: "local_settings.py") }),
      Row(
        name: "a module that has gone",
        change: { try FileManager.default.removeItem(atPath: $0.directory.path("other.py")) }
      ),
      Row(name: "a variable", environment: ["AGE": "8"]),
      Row(name: "a variable that is not read", isAsked: false, environment: ["AGES": "8"]),
      Row(name: "a secret", isAsked: false, environment: ["SECRET_KEY": "other"]),
      Row(name: "other settings", environment: ["DJANGO_SETTINGS_MODULE": "site_settings"]),
      Row(name: "--django", arguments: ["--django", "."]),
      Row(name: "--settings", arguments: ["--settings", "site_settings"]),
      Row(name: "--autorefresh", arguments: ["--autorefresh"]),
      Row(
        name: "an edited record",
        change: { site in
          let text = site.directory.text("root/staticd.json") ?? ""
          site.directory.write(
            text.replacing("WHITENOISE_MAX_AGE", with: "X"),
            to: "root/staticd.json"
          )
        }
      ),
      Row(
        name: "a second root",
        change: {
          try FileManager.default.copyItem(
            atPath: $0.directory.path("root"),
            toPath: $0.directory.path("copy")
          )
        }
      ),
    ]
  )
  func changes(row: Row) throws {
    let site = try DjangoSite(settings: Self.settings)
    site.directory.write("", to: "helper.py")
    site.directory.write("", to: "other.py")
    site.directory.write("A=1\n", to: ".env")
    site.directory.write("User-agent: *\n", to: "public/robots.txt")
    let collected = site.collect("--no-cache")
    #expect(collected.status == 0, "\(collected.errors)")
    try row.change(site)
    let python = URL(filePath: site.python).deletingLastPathComponent().deletingLastPathComponent()
    let result = Command.run(
      [Command.staticd, "explain", "/robots.txt"] + row.arguments,
      directory: site.directory.path,
      environment: row.environment.merging(["VIRTUAL_ENV": python.path]) { own, _ in own }
    )
    #expect(result.status == 0, "\(result.errors)")
    let age = row.environment["AGE"] ?? "7"
    #expect(result.output.contains(row.name == "--autorefresh" ? "200" : "max-age=\(age)"))
    #expect(result.errors.contains("asked the Django project") == row.isAsked, "\(result.errors)")
  }

  @Test("nothing secret is in the record, and another root has none")
  func content() throws {
    let site = try DjangoSite(settings: Self.settings)
    site.directory.write("", to: "helper.py")
    site.directory.write("", to: ".env")
    let secret = ["SECRET_KEY": "value-of-the-secret", "AGE": "7"]
    #expect(site.collect("--no-cache", environment: secret).status == 0)
    let text = try #require(site.directory.text("root/staticd.json"))
    #expect(text.contains("\"variables\": [\"AGE\", \"DJANGO_SETTINGS_MODULE\"]"), "\(text)")
    #expect(!text.contains("secret"))
    #expect(site.collect("--no-cache", "--settings", "site_settings").status == 0)
    #expect(site.directory.text("root/staticd.json")?.contains("django") == false)
    #expect(site.collect("--no-cache", "--root", "elsewhere").status == 0)
    #expect(site.directory.text("elsewhere/staticd.json")?.contains("django") == false)
  }
}

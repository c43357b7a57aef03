import Foundation
import TestSupport
import Testing

/// The settings that `collect` records beside the collected root for servers.
///
/// Goal: no Python runs at the start of a server, and no outdated record is used. Method: one
/// change of the project or the environment in each row; a line on standard error shows whether the
/// project was asked.
@Suite struct ServingRecordTests {
  fileprivate static let settings = """
    import os, helper
    WHITENOISE_MAX_AGE = int(os.environ.get("AGE", "7"))
    SECRET_KEY = os.getenv("SECRET_KEY", "x")
    WHITENOISE_ROOT = BASE / "public"
    with open(BASE / ".env") as file: file.read()
    import sys
    outside = (BASE / "outside").read_text()
    sys.path.append(outside)
    from conf_outside import *
    pathlib.Path(outside, "outside.env").read_text()
    try: open(BASE / "local.ini")
    except FileNotFoundError: pass
    DEBUG_FILE = (BASE / "debug").exists() or os.path.exists("gone")
    open(BASE / "log.txt", "a").write("x")
    os.getenvb(b"BYTES"), os.getenv("CACHE_KEY_PREFIX"), os.getenv("API_KEY")
    INSTALLED_APPS.append("helper.Helper")
    """
  fileprivate static let helper = """
    import os
    from django.apps import AppConfig
    class Helper(AppConfig):
        name = "helper"
        def ready(self):
            os.getenv("IN_READY")
            with open("ready.txt") as file: file.read()
            from django.templatetags.static import static
            try: static("a.css")
            except ValueError: pass
    """

  /// A project with everything that the settings read.
  struct Project {
    let site: DjangoSite
    let outside = TemporaryDirectory()
    var directory: TemporaryDirectory { site.directory }

    init(settings more: String = "") throws {
      site = try DjangoSite(settings: ServingRecordTests.settings + "\n" + more)
      for (name, text) in [
        ("helper.py", ServingRecordTests.helper), ("other.py", ""), (".env", "A=1\n"),
        ("ready.txt", ""), ("gone", ""), ("public/robots.txt", "User-agent: *\n"),
        ("outside", outside.path),
      ] {
        site.directory.write(text, to: name)
      }
      outside.write("", to: "conf_outside.py")
      outside.write("", to: "outside.env")
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var isAsked = true
    var environment: [String: String] = [:]
    var arguments: [String] = []
    var change: @Sendable (Project) throws -> Void = { _ in }

    var testDescription: String { name }
  }

  private static func append(
    _ path: String,
    isOutside: Bool = false
  ) -> @Sendable (Project) throws -> Void {
    { project in
      let directory = isOutside ? project.outside : project.directory
      let text = directory.text(path) ?? ""
      directory.write(text + "\n#\n", to: path)
    }
  }

  @Test(
    "changes that invalidate a record",
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
      Row(name: "a file outside of the project", change: append("outside.env", isOutside: true)),
      Row(
        name: "a module outside of the project",
        change: append("conf_outside.py", isOutside: true)
      ),
      Row(name: "a file that was not there", change: append("local.ini")),
      Row(name: "a path that was not there", change: append("debug")),
      Row(
        name: "a path that was there",
        change: { try FileManager.default.removeItem(atPath: $0.directory.path("gone")) }
      ),
      Row(name: "a path whose content was not read", isAsked: false, change: append("gone")),
      Row(name: "a file that they write", isAsked: false, change: append("log.txt")),
      Row(name: "a file that an app reads", change: append("ready.txt")),
      Row(name: "a variable that an app reads", environment: ["IN_READY": "1"]),
      Row(name: "a variable of bytes", environment: ["BYTES": "1"]),
      Row(name: "a key that is no secret", environment: ["CACHE_KEY_PREFIX": "1"]),
      Row(name: "a key that is one", isAsked: false, environment: ["API_KEY": "1"]),
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
    let project = try Project()
    let site = project.site
    let collected = site.collect("--no-cache")
    #expect(collected.status == 0, "\(collected.errors)")
    try row.change(project)
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

  @Test(
    "the output of a program cannot be compared, so nothing is recorded",
    arguments: [
      ("import subprocess; subprocess.check_output(['true'])", true),
      ("os.popen('true').read()", true), ("os.system('true')", true),
      ("os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)", true),
      // Python's own queries of the system.
      ("import platform; platform.processor(); import mimetypes; mimetypes.init()", false),
    ]
  )
  func programs(start: String, isUnknown: Bool) throws {
    let project = try Project(settings: start)
    let site = project.site
    let collected = site.collect("--no-cache")
    #expect(collected.status == 0, "\(collected.errors)")
    let text = try #require(site.directory.text("root/staticd.json"))
    #expect(text.contains("\"django\"") != isUnknown, "\(text)")
  }

  @Test(
    "what serving alone depends on makes a record wrong, too",
    arguments: [
      ("WHITENOISE_ROOT = BASE / 'made'", "made/robots.txt"),
      ("MIDDLEWARE = ['security.Own']", "security.py"),
    ]
  )
  func servingAlone(settings: String, changed: String) throws {
    let site = try DjangoSite(settings: settings)
    let module = "from django.middleware.security import SecurityMiddleware as Own\n"
    site.directory.write(module, to: "security.py")
    #expect(site.collect("--no-cache").status == 0)
    let python = URL(filePath: site.python).deletingLastPathComponent().deletingLastPathComponent()
    for isChanged in [false, true] {
      if isChanged { site.directory.write(module + "# changed\n", to: changed) }
      let result = Command.run(
        [Command.staticd, "explain", "/static/a.css"],
        directory: site.directory.path,
        environment: ["VIRTUAL_ENV": python.path]
      )
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("asked the Django project") == isChanged, "\(result.errors)")
    }
  }

  @Test(
    "settings that read the whole environment leave no record, those that read a name do",
    arguments: [
      ("dict(os.environ)", true), ("{k: v for k, v in os.environ.items()}", true),
      ("os.environ.copy()", true), ("{**os.environ}", true), ("list(os.environ)", true),
      ("dict(os.environb)", true), ("[n for n in os.environ.keys()]", true),
      ("'AGE' in os.environ", false), ("os.environ.get('AGE')", false),
      ("os.environ.setdefault('OTHER', '1')", false), ("os.path.expandvars('$AGE')", false),
    ]
  )
  func environment(expression: String, isListed: Bool) throws {
    let site = try DjangoSite(settings: "import os\nvalue = \(expression)")
    let collected = site.collect("--no-cache")
    #expect(collected.status == 0, "\(collected.errors)")
    #expect(site.directory.text("root/staticd.json")?.contains("\"django\"") == !isListed)
  }

  @Test("the record contains no secrets, and another root has no record")
  func content() throws {
    let project = try Project()
    let site = project.site
    let secret = ["SECRET_KEY": "value-of-the-secret", "AGE": "7"]
    #expect(site.collect("--no-cache", environment: secret).status == 0)
    let text = try #require(site.directory.text("root/staticd.json"))
    let variables = ["AGE", "BYTES", "CACHE_KEY_PREFIX", "DJANGO_SETTINGS_MODULE", "IN_READY"]
    #expect(text.contains("\"variables\": \(variables)"), "\(text)")
    #expect(!text.contains("secret"))
    #expect(site.collect("--no-cache", "--settings", "site_settings").status == 0)
    #expect(site.directory.text("root/staticd.json")?.contains("django") == false)
    #expect(site.collect("--no-cache", "--root", "elsewhere").status == 0)
    #expect(site.directory.text("elsewhere/staticd.json")?.contains("django") == false)
  }
}

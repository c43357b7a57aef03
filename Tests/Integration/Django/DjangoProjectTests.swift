import Foundation
import TestSupport
import Testing

/// A project queried through its own Python: supported settings, refused settings, errors.
@Suite struct DjangoProjectTests {
  private func site(_ settings: String = "") throws -> DjangoSite {
    try DjangoSite(settings: settings)
  }

  @Test("with a manage.py, no argument is needed")
  func implied() throws {
    let site = try site("print('noise', flush=True)\nimport os; os.system('echo more noise')")
    let result = site.collect()
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("Asked the Django project (Django 5."))
    #expect(lines[0].hasSuffix(", settings site_settings) with \(site.python)"))
    #expect(
      lines[1] == "1 static file copied to '\(site.directory.path)/root', 1 post-processed."
    )
    #expect(result.problemLines.isEmpty)
    #expect(try site.paths().keys.sorted() == ["a.css"])
    let verbose = site.collect("-v")
    #expect(verbose.errors == "noise\nmore noise\n")
    // A manage.py of another program is ignored.
    let other = TemporaryDirectory()
    other.write("import flask", to: "manage.py")
    let refused = Command.staticd("collect", directory: other.path)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("--django"))
  }

  @Test("the project is named on the command line, from any directory")
  func named() throws {
    let site = try site()
    let elsewhere = TemporaryDirectory()
    let command = ["collect", "--python", site.python, "--root", "out", "--django"]
    let result = Command.run(
      [Command.staticd] + command + [site.directory.path],
      directory: elsewhere.path
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(elsewhere.files().contains("out/a.css"))
    #expect(Command.run([Command.staticd] + command, directory: site.directory.path).status == 0)
    #expect(site.directory.files().contains("out/a.css"))
  }

  @Test("precedence of settings: --settings, the environment, manage.py")
  func settingsModule() throws {
    let site = try site()
    for name in ["from_environment", "from_option"] {
      site.directory.write(
        "from site_settings import *\nSTATIC_ROOT = BASE / '\(name)'",
        to: "\(name).py"
      )
    }
    let environment = ["DJANGO_SETTINGS_MODULE": "from_environment"]
    #expect(site.collect(environment: environment).status == 0)
    #expect(site.directory.files().contains("from_environment/a.css"))
    #expect(site.collect("--settings", "from_option", environment: environment).status == 0)
    #expect(site.directory.files().contains("from_option/a.css"))
    #expect(site.names.isEmpty)
    try FileManager.default.removeItem(atPath: site.directory.path("manage.py"))
    #expect(site.collect("--django", environment: environment).status == 0)
    let nothing = site.collect("--django")
    #expect(nothing.status == 2)
    #expect(nothing.errors.contains("DJANGO_SETTINGS_MODULE"), "\(nothing.errors)")
  }

  @Test(
    "which Python is used",
    arguments: [
      ([".venv"], [:], [], ".venv"), (["venv"], [:], [], "venv"),
      ([".venv", "venv"], [:], [], ".venv"),
      (["other"], ["VIRTUAL_ENV": "SITE/other"], [], "other"),
      ([".venv", "other"], ["VIRTUAL_ENV": "SITE/other"], [], ".venv"),
      (["uv"], ["UV_PROJECT_ENVIRONMENT": "uv"], [], "uv"),
      ([".venv", "other"], [:], ["--python", "SITE/other/bin/python"], "other"),
      (["other"], [:], ["--python", "../SITENAME/other/bin/python"], "other"),
      (["path"], ["PATH": "SITE/path/bin:/usr/bin:/bin"], [], "path"),
    ] as [([String], [String: String], [String], String)]
  )
  func python(
    environments: [String],
    variables: [String: String],
    arguments: [String],
    expected: String
  ) throws {
    let site = try site()
    let directory = site.directory
    for name in environments {
      for executable in ["python", "python3"] {
        let path = directory.write(
          "#!/bin/sh\necho \(name) >> \(directory.path)/asked\nexec \(site.python) \"$@\"\n",
          to: "\(name)/bin/\(executable)"
        )
        chmod(path, 0o755)
      }
    }
    let name = URL(fileURLWithPath: directory.path).lastPathComponent
    let complete = { (text: String) in
      text.replacingOccurrences(of: "SITENAME", with: name)
        .replacingOccurrences(of: "SITE", with: directory.path)
    }
    let result = Command.run(
      [Command.staticd, "collect"] + arguments.map(complete),
      directory: directory.path,
      environment: variables.mapValues(complete)
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(directory.text("asked") == "\(expected)\n")
  }

  @Test("the environment may be beside the project, in the repository")
  func pythonAbove() throws {
    let site = try site()
    let repository = TemporaryDirectory()
    try FileManager.default.copyItem(
      atPath: site.directory.path,
      toPath: repository.path("backend")
    )
    repository.write("", to: "pyproject.toml")
    let path = repository.write("#!/bin/sh\nexec \(site.python) \"$@\"\n", to: ".venv/bin/python")
    chmod(path, 0o755)
    let result = Command.staticd("collect", directory: repository.path("backend"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("with \(repository.path)/.venv/bin/python\n"))
  }

  @Test("the settings are used, unless the command line overrides them")
  func honoured() throws {
    let site = try site(
      """
      FILE_UPLOAD_PERMISSIONS = 0o604
      FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o705
      WHITENOISE_KEEP_ONLY_HASHED_FILES = True
      WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css"]
      STATIC_URL = "/s/t/"
      class Storage: pass
      """ + "\n" + DjangoSite.storage("site_storage.Storage")
    )
    site.directory.write(
      """
      from whitenoise.storage import CompressedManifestStaticFilesStorage
      class Storage(CompressedManifestStaticFilesStorage):
          manifest_strict = False
          max_post_process_passes = 9
          support_js_module_import_aggregation = True
      """,
      to: "site_storage.py"
    )
    let padding = String(repeating: "/* compressible */", count: 100)
    site.directory.write("x { y: url(/s/t/d/p.png) } \(padding)", to: "assets/a.css")
    site.directory.write("import { x } from './d/m.js';\n\(padding)", to: "assets/a.js")
    site.directory.write("export const x = 1\n", to: "assets/d/m.js")
    site.directory.write("PNG", to: "assets/d/p.png")
    let result = site.collect()
    #expect(result.status == 0, "\(result.errors)")
    let paths = try site.paths()
    let script = try #require(paths["a.js"])
    let module = try #require(paths["d/m.js"])
    let sheet = try #require(paths["a.css"])
    let manifests = ["staticd.json", "staticfiles.json"]
    #expect(
      site.names == (paths.values + ["\(script).br", "\(script).gz"] + manifests).sorted()
    )
    #expect(
      site.directory.text("root/\(script)")?.hasPrefix("import { x } from \"./\(module)\"") == true
    )
    #expect(site.directory.text("root/\(sheet)")?.contains("url(\"/s/t/d/p.") == true)
    #expect(try mode("root/\(script)", site) == 0o604)
    #expect(try mode("root/d", site) == 0o705)
    #expect(try mode("root", site) == 0o705)

    let other = site.collect(
      "--root",
      "other",
      "--file-mode",
      "640",
      "--directory-mode",
      "750",
      "--skip-compress",
      "js",
      "--url",
      "/elsewhere/"
    )
    #expect(other.status == 0, "\(other.errors)")
    #expect(try mode("other/\(script)", site) == 0o640)
    #expect(try mode("other/d", site) == 0o750)
    let otherSheet = try #require(try site.paths("other")["a.css"])
    #expect(site.directory.text("other/\(otherSheet)")?.contains("url(/s/t/d/p.png)") == true)
    #expect(site.directory.files(below: "other").contains("\(otherSheet).br"))
    #expect(!site.directory.files(below: "other").contains("\(script).br"))
  }

  @Test("without a mode in the settings the umask decides")
  func umask() throws {
    let site = try site("FILE_UPLOAD_PERMISSIONS = None")
    let script = "umask 027; exec \"$0\" collect --python \"$1\""
    let result = Command.run(
      ["sh", "-c", script, Command.staticd, site.python],
      directory: site.directory.path
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(try mode("root/a.css", site) == 0o640)
    #expect(try mode("root", site) == 0o750)
  }

  private func mode(_ name: String, _ site: DjangoSite) throws -> Int? {
    let path = site.directory.path(name)
    return try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("no STATIC_ROOT is needed if a root is named")
  func noRoot() throws {
    let site = try site("STATIC_ROOT = None")
    let result = site.collect("--root", "elsewhere")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try site.paths("elsewhere").keys.sorted() == ["a.css"])
  }

  @Test("a storage without hashing gives no hashed names, and a hint")
  func plainStorage() throws {
    let name = "django.contrib.staticfiles.storage.StaticFilesStorage"
    let site = try site(DjangoSite.storage(name))
    let result = site.collect()
    #expect(result.status == 0)
    #expect(site.names == ["a.css"])
    let hint = "names no files by their content; ManifestStaticFilesStorage does"
    #expect(result.problemLines == ["staticd: \(name) \(hint)"])
  }

  @Test("names that are not collected")
  func ignored() throws {
    let site = try site(
      """
      STATICFILES_FINDERS = ["site_finder.Finder",
          "django.contrib.staticfiles.finders.FileSystemFinder"]
      INSTALLED_APPS = ["site_apps.Files"]
      """
    )
    site.directory.write(
      """
      from django.contrib.staticfiles.apps import StaticFilesConfig
      class Files(StaticFilesConfig):
          ignore_patterns = ["*.scss", ".*"]
      """,
      to: "site_apps.py"
    )
    site.directory.write(
      """
      import pathlib
      from django.contrib.staticfiles import finders, utils
      from django.core.files.storage import FileSystemStorage
      class Finder(finders.BaseFinder):
          def list(self, ignore_patterns):
              storage = FileSystemStorage(pathlib.Path(__file__).parent / "found")
              for path in utils.get_files(storage, ignore_patterns):
                  yield path, storage
          def find(self, path, find_all=False):
              return []
      """,
      to: "site_finder.py"
    )
    for name in ["b.scss", "c~", ".d", "sub/e.txt", "f.txt"] {
      site.directory.write("", to: "assets/\(name)")
      site.directory.write("", to: "found/x\(name)")
    }
    #expect(site.collect("--ignore", "sub/").status == 0)
    let names = ["a.css", "c~", "f.txt", "x.d", "xc~", "xf.txt", "xsub/e.txt"]
    #expect(try site.paths().keys.sorted() == names)
    #expect(site.collect("--no-default-ignore", "--ignore", "*.txt").status == 0)
    let others = [".d", "a.css", "b.scss", "c~", "x.d", "xb.scss", "xc~"]
    #expect(try site.paths().keys.sorted() == others)
  }

  @Test("one directory under two prefixes, and one that does not exist")
  func directories() throws {
    let site = try site(
      "STATICFILES_DIRS = [('x', BASE / 'assets'), BASE / 'none', BASE / 'assets']"
    )
    let result = site.collect()
    #expect(result.status == 0, "\(result.errors)")
    #expect(try site.paths().keys.sorted() == ["a.css", "x/a.css"])
    #expect(result.problemLines.count == 1)
    #expect(result.errors.hasPrefix("staticd: warning: staticfiles.W004: The directory '"))
  }

  struct Failing: Sendable, CustomTestStringConvertible {
    let settings: String
    let mentions: [String]
    var files: [String: String] = [:]
    var testDescription: String { settings.replacingOccurrences(of: "\n", with: "; ") }
  }

  private static let base = "from django.contrib.staticfiles.storage import *\nclass S("

  private static func storage(_ body: String) -> [String: String] {
    ["own.py": base + "ManifestStaticFilesStorage):\n" + body]
  }

  private static func permissions(_ value: String) -> Failing {
    Failing(
      settings: "FILE_UPLOAD_PERMISSIONS = \(value)",
      mentions: ["FILE_UPLOAD_PERMISSIONS is \(value), and must be an integer such as 0o644"]
    )
  }

  private static let own = DjangoSite.storage("own.S")

  static let failing = [
    Failing(settings: "import nosuch", mentions: ["ModuleNotFoundError: No module named 'nosuch'"]),
    Failing(
      settings: "import django.utils.six",
      mentions: ["ModuleNotFoundError: No module named 'django.utils.six'", "site_settings.py:10"]
    ),
    permissions("'644'"), permissions("420.0"), permissions("99999999999"), permissions("-1"),
    Failing(
      settings: "FILE_UPLOAD_DIRECTORY_PERMISSIONS = '755'",
      mentions: ["FILE_UPLOAD_DIRECTORY_PERMISSIONS is '755', and must be an integer such as 0o644"]
    ),
    Failing(
      settings: "STORAGES['staticfiles']['OPTIONS'] = {'file_permissions_mode': '600'}",
      mentions: ["file_permissions_mode of its staticfiles storage is '600', and must be an"]
    ),
    Failing(settings: "x = = 1", mentions: ["SyntaxError: invalid syntax", "site_settings.py:"]),
    Failing(
      settings: "1 / 0",
      mentions: ["ZeroDivisionError: division by zero", "settings.py:10"]
    ),
    Failing(settings: "import sys; sys.exit('no')", mentions: ["SystemExit: no"]),
    Failing(settings: "import os; os._exit(7)", mentions: ["ended with status 7"]),
    Failing(
      settings: "import os; os.kill(os.getpid(), 9)",
      mentions: ["ended with status 137"]
    ),
    Failing(settings: "INSTALLED_APPS = ['nosuchapp']", mentions: ["No module named 'nosuchapp'"]),
    Failing(settings: "INSTALLED_APPS = []", mentions: ["INSTALLED_APPS; add it"]),
    Failing(settings: "STATIC_ROOT = None", mentions: ["STATIC_ROOT is not set", "--root"]),
    Failing(settings: "STATIC_URL = None", mentions: ["ImproperlyConfigured: "]),
    Failing(settings: "STATIC_URL = 'a b?'", mentions: ["STATIC_URL is '/a b?"]),
    Failing(settings: "STATICFILES_DIRS = 'x'", mentions: ["staticfiles.E001: "]),
    Failing(settings: "STATICFILES_DIRS = [STATIC_ROOT]", mentions: ["staticfiles.E002: "]),
    Failing(settings: "STATICFILES_DIRS = [BASE]", mentions: ["lies inside the source"]),
    Failing(settings: "STATICFILES_FINDERS = ['x.y.Z']", mentions: ["No module named 'x'"]),
    Failing(settings: DjangoSite.storage("no.such"), mentions: ["No module named 'no'"]),
    Failing(
      settings: own,
      mentions: ["own.S keeps no files in a directory"],
      files: [
        "own.py": "from django.core.files.storage import InMemoryStorage\n"
          + "class S(InMemoryStorage): pass"
      ]
    ),
    Failing(
      settings: own,
      mentions: ["own.S changes hashed_name, url_converter,"],
      files: storage("  def hashed_name(self, *a): pass\n  def url_converter(self, *a): pass")
    ),
    Failing(settings: own, mentions: ["changes patterns,"], files: storage("  patterns = ()")),
    Failing(
      settings: own,
      mentions: ["'other.json'"],
      files: storage("  manifest_name = 'other.json'")
    ),
    Failing(
      settings: own,
      mentions: ["its manifest elsewhere"],
      files: storage(
        "  def __init__(self): super().__init__(manifest_storage=StaticFilesStorage('/tmp'))"
      )
    ),
    Failing(
      settings: own,
      mentions: ["intermediate files"],
      files: storage("  keep_intermediate_files = True")
    ),
    Failing(
      settings: own,
      mentions: ["keeps no manifest"],
      files: ["own.py": base + "HashedFilesMixin, StaticFilesStorage): pass"]
    ),
    Failing(
      settings: "STATICFILES_FINDERS = ['own.F']",
      mentions: ["own.F lists 'far.css', which is no file of this machine"],
      files: [
        "own.py": """
        from django.contrib.staticfiles.finders import BaseFinder
        from django.core.files.storage import Storage
        class F(BaseFinder):
            def list(self, ignore_patterns): yield "far.css", Storage()
        """
      ]
    ),
  ]

  @Test("one line reports the error, the traceback only on request", arguments: failing)
  func fails(row: Failing) throws {
    let site = try site(row.settings)
    for (name, text) in row.files { site.directory.write(text, to: name) }
    let result = site.collect()
    #expect(result.status == 2)
    #expect(result.problemLines.count == 1, "\(result.errors)")
    for text in row.mentions { #expect(result.errors.contains(text), "\(result.errors)") }
    #expect(site.names.isEmpty)
  }

  @Test("the traceback on request")
  func traceback() throws {
    let site = try site("print('before')\n1 / 0")
    let result = site.collect("-v")
    #expect(result.errorLines[0] == "before")
    #expect(result.errorLines[1] == "Traceback (most recent call last):")
    #expect(result.errorLines.last?.contains("ZeroDivisionError: division by zero (") == true)
  }

  @Test("errors of Python itself")
  func noPython() throws {
    let site = try site()
    let missing = Command.staticd("collect", "--python", "no/such", directory: site.directory.path)
    #expect(missing.status == 2)
    #expect(missing.errors.contains("/no/such': No such file or directory; name a Python with"))
    let bare = Command.staticd(
      "collect",
      directory: site.directory.path,
      environment: ["PATH": "/nonexistent"]
    )
    #expect(bare.status == 2)
    #expect(bare.errors.contains("cannot run 'python3': No such file"), "\(bare.errors)")
    let bareEnvironment = TemporaryDirectory()
    #expect(
      Command.run(["python3", "-m", "venv", "--without-pip", bareEnvironment.path("e")]).status == 0
    )
    let noDjango = Command.staticd(
      "collect",
      "--python",
      bareEnvironment.path("e/bin/python"),
      directory: site.directory.path
    )
    #expect(noDjango.status == 2)
    #expect(noDjango.errors.contains("has no Django; name the project's Python with --python"))
  }

  @Test(
    "wrong use",
    arguments: [
      ["assets", "--django"], ["assets", "--settings", "x"], ["assets", "--python", "x"],
      ["--django", "none"], ["--django", "manage.py"], ["--django", ""], ["--settings", ""],
    ]
  )
  func usage(arguments: [String]) throws {
    let site = try site()
    let result = Command.run(
      [Command.staticd, "collect", "--root", "root"] + arguments,
      directory: site.directory.path
    )
    #expect(result.status == 2)
    #expect(result.problemLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains(arguments.first { $0.hasPrefix("--") } ?? ""))
    #expect(site.names.isEmpty)
  }
}

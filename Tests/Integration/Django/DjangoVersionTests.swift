import Foundation
import TestSupport
import Testing

/// The rewriting rules of the project's Django version.
///
/// Goal: the manifest and the bytes of the project's own `collectstatic`, for each version from 4.2
/// on, and a manifest that it reads. Method: texts on which the versions differ.
@Suite struct DjangoVersionTests {
  static let versions = ["4.2.30", "5.0.14", "5.1.15", "5.2.19", "6.0.10", "6.1.3"]

  /// A project with a Django that precedes the one of its Python.
  private struct Project {
    let site: DjangoSite
    let environment: [String: String]
    let numbers: [Int]

    init(_ version: String) throws {
      let settings = "STORAGES = {'staticfiles': {'BACKEND': 'site_storage.Storage'}}"
      site = try DjangoSite(settings: settings)
      numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
      site.directory.write(
        """
        from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
        class Storage(ManifestStaticFilesStorage):
            support_js_module_import_aggregation = True
        """,
        to: "site_storage.py"
      )
      // Django 6 requires a newer Python than Debian 12 has; collecting needs only this part.
      site.directory.write(
        "import inspect\ninspect.__dict__.setdefault('markcoroutinefunction', lambda f: f)\n",
        to: "shim/sitecustomize.py"
      )
      let django = try Command.fixture("djangos/\(version)")
      environment = ["PYTHONPATH": "\(site.directory.path("shim")):\(django)"]
    }

    func isBefore(_ major: Int, _ minor: Int) -> Bool {
      numbers.lexicographicallyPrecedes([major, minor])
    }

    func run(_ arguments: [String]) -> CommandResult {
      Command.run(arguments, directory: site.directory.path, environment: environment)
    }

    func write(_ texts: [String: String]) {
      for (name, text) in texts { site.directory.write(text, to: "assets/\(name)") }
    }
  }

  private static let texts = [
    "l.svg": "<svg/>", "m.js": "export let x = 1;\n", "a b.txt": "x",
    "comment.css": "/* url(l.svg) */ a { b: url(l.svg) }\n/*\n@import 'comment2.css';\n*/",
    "comment2.css": "a { content: \"url(l.svg)\"; b: '\\'url(l.svg)' }",
    "quotes.css":
      "a { b: url('l.svg'); c: url(\"l.svg\"); d: url(  l.svg); e: url('a%20b.txt#x') }",
    "map.css": "a {}\n/*# sourceMappingURL=data:application/json;base64,e30= */\nb {}\n",
    "map.js": "f()\n//# sourceMappingURL=data:application/json;base64,e30=\ng()\n",
    "map2.js": "f()\n//# sourceMappingURL=m.js.map\n", "m.js.map": "{}",
    "none.css": "a { b: url(#x); c: url(); d: url(data:,x); e: url(//host/x) }",
    "named.js":
      "import a from \"./m.js\";\nimport b from './m.js' ;\nimport { c } from \"./m.js\"\n;",
    "bare.js": "import a from \"./m.js\"\nimport {b} from './m.js'\nlet c = 1\n",
    "star.js": "import * as n from './m.js';\nimport*as o from \"./m.js\";\n",
    "side.js": "import './m.js';\nimport \"./m.js\"\nlet x = import('./m.js');\n",
    "out.js": "export { x } from './m.js';\nexport * from './m.js'\nexport * from \"./m.js\";\n",
    "span.js": "import a, { b } from 'pkg';\nimport c from './m.js';\nf(\"import\");\n",
    "far.js": "import x\nlet y = 1; let z = 2\nvar from './m.js';\n",
    "comments.js":
      "// import './m.js';\n/* export { x } from \"./m.js\"; */ let t = `import './m.js';`\n",
  ]

  @Test("the same result as the project's own collectstatic", arguments: versions)
  func parity(version: String) throws {
    let project = try Project(version)
    project.write(Self.texts)
    if project.isBefore(6, 0) {
      project.write(["loose.css": "a { b: url('l.svg\"); c: url(\"l.svg); d: url(l.svg') }"])
    }
    if !project.isBefore(6, 1) { project.write(["package.js": "import('pkg'); import('./m.js')"]) }
    let python = project.site.python
    let django = project.run([python, "manage.py", "collectstatic", "--noinput"])
    #expect(django.status == 0, "\(django.errors)")
    let ours = project.run(
      [Command.staticd, "collect", "--python", python, "--root", "ours", "--formats", "none"]
    )
    #expect(ours.status == 0, "\(ours.errors)")
    #expect(ours.output.contains("Django \(version)"), "\(ours.output)")

    let files = project.site.directory
    let names = files.files(below: "root").filter { $0 != "staticfiles.json" }
    #expect(names.count > 2 * Self.texts.count - 2)
    // Django writes no file for a name that it has hashed twice.
    #expect(Set(files.files(below: "ours")).isSuperset(of: names))
    for name in names {
      #expect(files.text("ours/\(name)") == files.text("root/\(name)"), "\(name)")
    }
    // Up to 5.2 the order is that in which the file system lists the files.
    #expect(try project.site.paths("ours") == project.site.paths("root"))
    if !project.isBefore(6, 0) {
      #expect(files.text("ours/staticfiles.json") == files.text("root/staticfiles.json"))
    }
    let reading = project.run([
      python, "-c",
      """
      import os
      os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
      import django; django.setup()
      from site_storage import Storage
      print(len(Storage(location="ours").hashed_files))
      """,
    ])
    #expect(reading.output == "\(try project.site.paths().count)\n", "\(reading.errors)")
  }

  @Test("--rules names the version if there is no project")
  func rules() throws {
    let project = try Project("6.1.3")
    project.write(Self.texts)
    var roots: [String: String?] = [:]
    for version in ["4.2", "6.0", "6.1"] {
      let result = project.run(
        [
          Command.staticd, "collect", "assets", "--root", version, "--rules", version,
          "--formats", "none", "--js-modules", "--no-cache",
        ]
      )
      #expect(result.status == 0, "\(result.errors)")
      roots[version] = project.site.directory.text("\(version)/staticfiles.json")
    }
    #expect(Set(roots.values).count == 3)
    let asked = project.run(
      [Command.staticd, "collect", "--python", project.site.python, "--rules", "4.2"]
        + ["--formats", "none", "--root", "asked", "--no-cache"]
    )
    #expect(asked.status == 0, "\(asked.errors)")
    #expect(project.site.directory.text("asked/staticfiles.json") == roots["4.2"])
  }

  @Test(
    "versions without rules",
    arguments: [("4.1.13", 2, "Django 4.1.13 cannot read"), ("7.0", 0, "Django 7.0 is newer than")]
  )
  func unknown(version: String, status: Int32, message: String) throws {
    let project = try Project("5.2.19")
    project.write(["a.css": "a {}"])
    project.site.directory.write(
      "import django\ndjango.get_version = lambda *a: \"\(version)\"\n"
        + (project.site.directory.text("site_settings.py") ?? ""),
      to: "site_settings.py"
    )
    let result = project.run([Command.staticd, "collect", "--python", project.site.python])
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}

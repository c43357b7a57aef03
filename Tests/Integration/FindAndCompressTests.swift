import Foundation
import TestSupport
import Testing

/// `staticd find`, `compress` and `check` on the command line.
@Suite struct FindAndCompressTests {
  private let first = TemporaryDirectory()
  private let second = TemporaryDirectory()

  private func find(_ arguments: String...) -> CommandResult {
    Command.run(
      [Command.staticd, "find", "--source", first.path, "--source", "x=\(second.path)"] + arguments
    )
  }

  @Test("find prints the source that provides a name, and the sources it hides")
  func finds() throws {
    first.write("", to: "x/a.css")
    second.write("", to: "a.css")
    second.write("", to: "b.css")
    second.write("", to: ".b.css")
    let hiding = find("x/a.css", "./x//b.css")
    #expect(hiding.status == 0)
    #expect(
      hiding.output == """
        Found 'x/a.css' here:
          \(first.path)/x/a.css
        It hides:
          \(second.path)/a.css
        Found './x//b.css' here:
          \(second.path)/b.css

        """
    )
    let missing = find("a.css", "x/b.css", "x/.b.css", "x", "../x/a.css")
    #expect(missing.status == 1)
    #expect(missing.output == "Found 'x/b.css' here:\n  \(second.path)/b.css\n")
    #expect(
      missing.errorLines
        == ["a.css", "x/.b.css", "x", "../x/a.css"].map {
          "staticd: No matching file found for '\($0)'."
        }
    )
    #expect(find("x/.b.css", "--no-default-ignore").status == 0)
    #expect(find("x/b.css", "--ignore", "b.*").status == 1)

    let json = find("x/a.css", "none", "--json")
    #expect(json.status == 1)
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let found = object?["found"] as? [String: [String: Any]]
    #expect(found?.count == 1)
    #expect(found?["x/a.css"]?["path"] as? String == "\(first.path)/x/a.css")
    #expect(found?["x/a.css"]?["hides"] as? [String] == ["\(second.path)/a.css"])
    #expect(object?["missing"] as? [String] == ["none"])
  }

  @Test("in a project, what Django's findstatic finds")
  func findsInProject() throws {
    let site = try DjangoSite(
      settings: """
        INSTALLED_APPS = ["rest_framework", "django.contrib.staticfiles"]
        """
    )
    let name = "rest_framework/css/default.css"
    site.directory.write("", to: "assets/\(name)")
    let directory = site.directory.path
    let ours = Command.staticd("find", "--python", site.python, name, directory: directory)
    #expect(ours.status == 0, "\(ours.errors)")
    let django = Command.run([site.python, "manage.py", "findstatic", name], directory: directory)
    #expect(django.status == 0, "\(django.errors)")
    let paths = { (text: String) in
      text.split(separator: "\n").filter { $0.hasPrefix("  /") }.map {
        URL(fileURLWithPath: $0.trimmingCharacters(in: .whitespaces)).resolvingSymlinksInPath().path
      }
    }
    #expect(paths(ours.output).count == 2)
    #expect(paths(ours.output) == paths(django.output))
  }

  @Test("the bytes and times of python -m whitenoise.compress")
  func compresses() throws {
    let admin = try Command.fixture("wheels/django/contrib/admin/static")
    let python = try Command.fixture("django/bin/python")
    for directory in [first, second] {
      #expect(Command.run(["cp", "-rp", "\(admin)/.", directory.path]).status == 0)
    }
    let ours = Command.staticd("compress", first.path, "--formats", "gzip")
    #expect(ours.status == 0)
    #expect(ours.output.hasPrefix("Compressed: 0 .br (0 B), "), "\(ours.output)")
    let theirs = Command.run([
      python, "-m", "whitenoise.compress", "--quiet", "--no-brotli", second.path,
    ])
    #expect(theirs.status == 0, "\(theirs.errors)")
    #expect(first.files() == second.files())
    let differing = first.files().filter { first.read($0) != second.read($0) }
    #expect(differing == [])
    let time = { (directory: TemporaryDirectory, name: String) throws -> Date? in
      try FileManager.default.attributesOfItem(atPath: directory.path(name))[.modificationDate]
        as? Date
    }
    #expect(first.files().count { $0.hasSuffix(".gz") } > 100)
    for name in first.files() where name.hasSuffix(".gz") {
      let original = try time(first, String(name.dropLast(3)))
      #expect(try time(first, name) == original, "\(name)")
    }
  }

  @Test("check prints its findings")
  func checks() throws {
    first.write("a {}", to: "a.css")
    #expect(Command.staticd("collect", first.path, "--root", second.path).status == 0)
    let well = Command.staticd("check", "--root", second.path)
    #expect(well.status == 0)
    #expect(well.output == "2 files (8 B) in '\(second.path)' are as recorded.\n")
    #expect(well.errors.isEmpty)
    let record = try #require(second.read("staticd.json"))
    try FileManager.default.removeItem(atPath: second.path("staticd.json"))
    let bare = Command.staticd("check", "--root", second.path)
    #expect(bare.status == 0)
    #expect(bare.output.contains("There is no staticd.json: lengths, types and digests were not"))
    second.write(record, to: "staticd.json")
    second.write("a { }", to: "a.css")
    let damaged = Command.staticd("check", "--root", second.path)
    #expect(damaged.status == 1)
    #expect(damaged.output.isEmpty)
    #expect(
      damaged.errors == """
        staticd: a.css: it has 5 bytes, 4 in staticd.json
        staticd: 1 problem in '\(second.path)'

        """
    )
  }

  @Test(
    "wrong use",
    arguments: [
      ["find", "a"], ["find", "--source", "DIR"], ["find", "a", "--source", "DIR/none"],
      ["find", "a", "--source", "../x=DIR"], ["find", "a", "--source", "DIR", "--django"],
      ["compress"], ["compress", ""], ["compress", "DIR/none"],
      ["compress", "DIR", "--formats", "zip"], ["compress", "DIR", "--jobs", "0"],
      ["compress", "DIR", "-v", "-q"], ["compress", "DIR", "--skip-compress", "a,,b"],
      ["check"], ["check", "--root", "DIR/none"], ["check", "--root", ""],
      ["check", "--root", "DIR", "--jobs", "0"],
    ]
  )
  func usage(arguments: [String]) {
    first.write("x", to: "a")
    let result = Command.run(
      [Command.staticd]
        + arguments.map { $0.replacingOccurrences(of: "DIR", with: first.path) },
      directory: second.path
    )
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(first.files() == ["a"])
  }
}

import TestSupport
import Testing

/// Files that `collect --report` must not replace, and those that it may.
///
/// Goal: a report never costs a source, the configuration or a published file. Every row makes a
/// tree by a shell, collects with and without `--dry-run`, and compares all contents with those
/// before.
@Suite struct ReportPlaceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    /// The file of the report.
    let report: String
    /// What the one line on standard error has.
    let reason: String
    /// Further preparation; `src/a.css` is collected into `r` already.
    var setUp = ":"
    var arguments = "src --root r"
    var testDescription: String { "\(setUp) | \(arguments) --report \(report)" }

    init(_ report: String, _ reason: String, setUp: String = ":", _ arguments: String? = nil) {
      (self.report, self.reason, self.setUp) = (report, reason, setUp)
      if let arguments { self.arguments = arguments }
    }

    /// Expects that `line` was refused as wrong use, in one line with the reason and the remedy.
    func expectRefusal(_ result: CommandResult, _ line: String) {
      #expect(result.status == 2, "\(line): \(result.output)\(result.errors)")
      #expect(result.errorLines.count == 1)
      #expect(
        result.errors.contains("report '\(report)' \(reason)")
          && result.errors.contains("; name another file"),
        "\(result.errors)"
      )
    }
  }

  private static let release = "is a name of the release in the root"

  static let refused = [
    // Sources.
    Row("src/a.css", "lies in the source 'src'"), Row("src/new.json", "lies in the source 'src'"),
    Row("l/new.json", "lies in the source 'src'", setUp: "ln -s src l"),
    Row("l.json", "lies in the source 'src'", setUp: "ln -s src/a.css l.json"),
    Row("src/l.json", "lies in the source 'src'", setUp: "touch x; ln -s ../x src/l.json"),
    Row("x/b.css", "is a source, 'src/b.css'", setUp: "mkdir x; ln -s ../x/b.css src; :> x/b.css"),
    Row("x/new", "is a source, 'src/x'", setUp: "mkdir x; ln -s ../x src"),
    // Names of the release: plain, hashed, codings, manifests, directories.
    Row("r/a.css", release), Row("r/a.css.gz", release), Row("r/d/b.css.br", release),
    Row("r/a.0123456789ab.css", release), Row("r/a.0123456789ab.css.0123456789ab.dcz", release),
    Row("r/staticd.json", release), Row("r/staticfiles.json", release),
    Row("r/.staticd-lock", release), Row("r/.staticd-new/x", release),
    Row("r/a.css/x", release),
    Row("new/a.css", release, "src --root new"), Row("new/d", release, "src --root new"),
    Row("new/c.css", release, setUp: "echo x > src/c.css", "src --root new"),
    Row("r/a.css", release, setUp: "rm src/a.css"), Row("r/./x/../a.css", release),
    Row("link/a.css", release, setUp: "ln -s r link"),
    Row("r/l.json", "lies in the source 'src'", setUp: "ln -s ../src/a.css r/l.json"),
    // A name of the root that a problem keeps from being published.
    Row("r/a.css", release, setUp: "echo 'a { b: url(no.png) }' > src/a.css"),
    // The root and what holds it.
    Row("new", "is a directory of the root", "src --root new"),
    Row("new", "is a directory of the root", "src --root new/r"),
    // The configuration.
    Row("staticd.toml", "is the configuration", setUp: "echo 'jobs = 1' > staticd.toml"),
    Row(
      "l",
      "is the configuration",
      setUp: "touch c.toml; ln -s c.toml l",
      "src --root r --config c.toml"
    ),
  ]

  @Test("a report does not replace what a run needs or publishes", arguments: refused)
  func refuses(row: Row) {
    let site = Self.site(row.setUp)
    let before = SiteShell.picture(of: site)
    for option in ["--dry-run", "", "--clear", "--no-post-process", "--keep-only-hashed"] {
      let line = "staticd collect \(row.arguments) --report \(row.report) \(option)"
      let result = SiteShell.run("\(line) --no-cache", site.path)
      row.expectRefusal(result, line)
      #expect(SiteShell.picture(of: site) == before, "\(line)")
    }
  }

  @Test(
    "a report does not replace what an earlier release has",
    arguments: ["old/a.css", "old/staticd.json"]
  )
  func earlier(report: String) {
    let site = Self.site("cp -r r old")
    let before = SiteShell.picture(of: site)
    let line = "staticd collect src --root new --from-release old --report \(report) --no-cache"
    let result = SiteShell.run(line, site.path)
    #expect(result.status == 2)
    let reason = "report '\(report)' is a name of the earlier release in 'old'"
    #expect(result.errorLines.count == 1 && result.errors.contains(reason), "\(result.errors)")
    #expect(SiteShell.picture(of: site) == before)
  }

  static let publishing = [
    Row("r/a.css", release), Row("r/a.css.gz", release), Row("r/d/b.css.br", release),
    Row("r/a.0123456789ab.css", release), Row("r/staticd.json", release),
    Row("r/.staticd-lock", release), Row("l/a.css", release, setUp: "ln -s r l"),
    Row("staticd.toml", "is the configuration", setUp: "echo 'jobs = 1' > staticd.toml"),
    Row("c", "is the configuration", setUp: "echo 'jobs = 1' > c", "--config c"),
    Row("src/a.css", "lies in the source 'src'", setUp: "echo \"source = 'src'\" > staticd.toml"),
    Row("src/new", "lies in the source 'src'", setUp: "echo \"source = ['src']\" > staticd.toml"),
    Row("manage.py", "is a file of the Django project", setUp: projectFiles),
    Row("site/settings.py", "is a file of the Django project", setUp: projectFiles),
  ]

  @Test(
    "a report of publish does not replace what collect and publish read",
    arguments: publishing
  )
  func publishes(row: Row) {
    let site = Self.site(row.setUp)
    let before = SiteShell.picture(of: site)
    let arguments = row.arguments.hasPrefix("--") ? row.arguments : ""
    for option in ["--dry-run", ""] {
      let line = """
        export AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x
        staticd publish s3://bucket --endpoint http://127.0.0.1:1 --root r \(arguments) \
          --report \(row.report) \(option)
        """
      let result = SiteShell.run(line, site.path)
      row.expectRefusal(result, line)
      #expect(SiteShell.picture(of: site) == before, "\(line)")
    }
  }

  /// Makes a `manage.py` and settings.
  private static let projectFiles = """
    mkdir site; touch site/settings.py
    echo 'from django.core.management import execute_from_command_line as e; e()' > manage.py
    """

  @Test(
    "a report may be elsewhere, also in a root that does not exist yet",
    arguments: [
      ("report.json", "r"), ("r/report.json", "r"), ("r/report.json.gz", "r"),
      ("r/d/report.json", "r"), ("r/no/such/report.json", "r"), ("src.json", "r"),
      ("new/report.json", "new"), ("new/no/such/report.json", "new"),
      ("new/root/report.json", "new/root"), ("link/report.json", "new/root"),
    ],
    ["", "--clear", "--dry-run"]
  )
  func allows(place: (report: String, root: String), option: String) {
    let site = Self.site("ln -s new/root link")
    let line = "staticd collect src --root \(place.root) --report \(place.report) \(option)"
    let result = SiteShell.run("\(line) --no-cache", site.path)
    #expect(result.status == 0, "\(line): \(result.errors)")
    #expect(site.text(place.report)?.contains("\"copied\"") == true, "\(line)")
    #expect(
      site.text("\(place.root)/a.css")
        == (option == "--dry-run" && place.root != "r" ? nil : "a {}")
    )
  }

  @Test("a failed run reports into a root that does not exist yet")
  func failed() {
    let site = Self.site("echo 'a { b: url(no.png) }' > src/a.css")
    let result = SiteShell.run(
      "staticd collect src --root new --report new/d/report.json",
      site.path
    )
    #expect(result.status == 1)
    #expect(site.text("new/d/report.json")?.contains("missing-reference") == true)
  }

  @Test(
    "the files of a Django project",
    arguments: [
      ("assets/a.css", "lies in the source"), ("assets/new.json", "lies in the source"),
      ("manage.py", "is a file of the Django project"),
      ("site_settings.py", "is a file of the Django project"),
      ("local_settings.py", "is a file of the Django project"),
      (".env", "is a file of the Django project"),
      ("site.json", "is read by the settings of the Django project"),
      ("../SITE/manage.py", "is a file of the Django project"),
    ]
  )
  func project(place: (report: String, reason: String)) throws {
    let site = try DjangoSite(settings: "LANGUAGE_CODE = open(BASE / 'site.json').read()")
    site.directory.write("de", to: "site.json")
    let name = String(site.directory.path.split(separator: "/").last ?? "")
    let report = place.report.replacing("SITE", with: name)
    let before = SiteShell.picture(of: site.directory)
    for option in ["--dry-run", "--quiet"] {
      let result = site.collect("--report", report, option)
      #expect(result.status == 2)
      #expect(result.errors.contains("report '\(report)' \(place.reason)"), "\(result.errors)")
    }
    #expect(SiteShell.picture(of: site.directory) == before)
  }

  @Test("the files of a Django project that is not asked")
  func unasked() throws {
    let site = try DjangoSite()
    let line = "staticd collect assets --root r --report manage.py --no-cache"
    let result = SiteShell.run(line, site.directory.path)
    #expect(result.status == 2)
    let reason = "report 'manage.py' is a file of the Django project"
    #expect(result.errors.contains(reason), "\(result.errors)")
  }

  private static func site(_ setUp: String) -> TemporaryDirectory {
    let site = TemporaryDirectory()
    site.write("a {}", to: "src/a.css")
    site.write("b {}", to: "src/d/b.css")
    let made = SiteShell.run("staticd collect src --root r --no-cache -q && \(setUp)", site.path)
    #expect(made.status == 0, "\(made.errors)")
    return site
  }
}

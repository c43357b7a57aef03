import Foundation
import TestSupport
import Testing

/// Roots that `--clear` refuses.
///
/// Goal: nothing is deleted that cannot be collected again. Every row makes a tree by a shell, collects,
/// and compares names, links and contents with those before.
@Suite struct ClearedRootTests {
  struct Row: Sendable, CustomTestStringConvertible {
    /// Makes the tree; `src/a.css` and `r/old.txt` are there already.
    let setUp: String
    /// What follows `staticd collect`, for the shell.
    let line: String
    /// What the one line on standard error has.
    let reason: String
    var testDescription: String { "\(setUp) | \(line)" }

    init(_ setUp: String, _ line: String, _ reason: String) {
      (self.setUp, self.line, self.reason) = (setUp, line, reason)
    }
  }

  private static let manage = """
    printf 'import os\\nfrom django.core.management import execute_from_command_line\\n\
    execute_from_command_line()\\n' >
    """.replacing("\n", with: " ")

  static let rows = [
    Row(":", "src --root .", "it holds the source 'src'"),
    Row(":", "src --root src/..", "it holds the source 'src'"),
    Row("mkdir r/s && cp src/a.css r/s", "r/s --root r", "it holds the source 'r/s'"),
    // Not the source, but the name that leads to it.
    Row("ln -s ../src r/link", "r/link --root r", "it holds the source 'r/link'"),
    Row("ln -s .. r/up", "r/up/src --root r", "it holds the source 'r/up/src'"),
    Row("ln -s r/link link && ln -s ../src r/link", "link --root r", "it holds the source 'link'"),
    // The working directory, and directories above it.
    Row(":", "../src --root .", "it holds the working directory"),
    Row("mkdir -p r/d", "../../src --root ..", "it holds the working directory"),
    // The project and the configuration.
    Row("\(manage) r/manage.py", "src --root r", "it holds a Django project, 'manage.py'"),
    Row("mkdir r/p && \(manage) r/p/manage.py", "src --root r", "a Django project, 'p/manage.py'"),
    Row(
      "echo 'jobs = 1' > r/c.toml",
      "src --config r/c.toml --root r",
      "the configuration 'r/c.toml'"
    ),
    Row(
      "echo 'root = \".\"' > r/staticd.toml",
      "../src",
      "it holds the configuration 'staticd.toml'"
    ),
    // Repositories, at any depth.
    Row("git init -q r/sub", "src --root r", "it holds a repository, 'sub/.git'"),
    Row("git init -q --bare r", "src --root r", "it holds a repository, '.'"),
    Row("git init -q --bare r/a/b.git", "src --root r", "it holds a repository, 'a/b.git'"),
    Row("mkdir -p r/a/.hg && touch r/a/.hg/x", "src --root r", "a repository, 'a/.hg'"),
    Row("mkdir -p r/a/b/.svn && touch r/a/b/.svn/x", "src --root r", "a repository, 'a/b/.svn'"),
    Row("echo 'gitdir: ../x' > r/.git", "src --root r", "a repository, '.git'"),
    // Earlier releases.
    Row(
      "staticd collect src --root r/old",
      "src --root r --from-release r/old",
      "it holds the earlier release 'r/old'"
    ),
    Row(
      "staticd collect src --root other && ln -s ../other r/old",
      "src --root r --from-release r/old",
      "it holds the earlier release 'r/old'"
    ),
  ]

  static let links = [
    Row("ln -s ../r/old.txt src/z.txt", "src --root r", "the source 'src/z.txt' is a link to"),
    Row(
      "mkdir r/d src/e && echo x > r/d/x && ln -s ../../r/d src/e/d",
      "src --root r",
      "the source 'src/e/d' is a link to"
    ),
    Row(
      "echo x > x && ln -s ../x r/x && ln -s ../r/x src/x",
      "src --root r",
      "the source 'src/x' is a link to"
    ),
    Row("ln -s \"$PWD/r\" src/r", "src --root r", "the source 'src/r' is a link to"),
    Row("ln -s .. src/up", "src --root r", "lies inside the linked directory 'src/up'"),
  ]

  private func collect(_ row: Row, _ directory: String, _ options: String...) {
    let site = TemporaryDirectory()
    site.write("a {}", to: "src/a.css")
    site.write("old", to: "r/old.txt")
    let made = SiteShell.run(row.setUp, site.path)
    #expect(made.status == 0, "\(made.errors)")
    let before = SiteShell.picture(of: site)
    for option in options {
      let line = "staticd collect \(row.line) --formats none --no-cache \(option)"
      let result = SiteShell.run("cd '\(directory)' && \(line)", site.path)
      #expect(result.status == 2, "\(line): \(result.output)\(result.errors)")
      #expect(result.errorLines.count == 1)
      #expect(result.errors.contains(row.reason), "\(result.errors)")
      #expect(SiteShell.picture(of: site) == before, "\(line)")
    }
  }

  @Test("a root that holds what cannot be collected again is not cleared", arguments: rows)
  func refused(row: Row) {
    let directory =
      row.line.contains("../../src") ? "r/d" : row.line.contains("../src") ? "r" : "."
    collect(row, directory, "--clear --dry-run", "--clear")
  }

  @Test("a source that is a link into the root is no copy", arguments: links)
  func linked(row: Row) {
    collect(row, ".", "--clear --dry-run", "--clear", "--link", "--keep-only-hashed", "")
  }

  static let accepted = [
    "ln -s ../x src/x", "ln -s a.css src/b.css", "ln -s r link && ln -s link link2",
    "mkdir r/objects r/refs", "echo 'print(1)' > r/manage.py", "ln -s src other",
  ]

  @Test("a root without such things is cleared", arguments: accepted)
  func cleared(setUp: String) {
    let site = TemporaryDirectory()
    site.write("a {}", to: "src/a.css")
    site.write("x", to: "x")
    site.write("old", to: "r/old.txt")
    #expect(SiteShell.run(setUp, site.path).status == 0)
    let result = SiteShell.run("staticd collect src --root r --clear --formats none", site.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(site.text("r/old.txt") == nil)
    #expect(site.text("r/a.css") == "a {}")
  }

  @Test("a root may be its own earlier release")
  func ownRelease() {
    let site = TemporaryDirectory()
    site.write("a {}", to: "src/a.css")
    let line = "staticd collect src --root r --formats none"
    #expect(SiteShell.run(line, site.path).status == 0)
    site.write("b {}", to: "src/a.css")
    let result = SiteShell.run("\(line) --clear --from-release r", site.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(site.files(below: "r").count { $0.hasPrefix("a.") } == 3)
  }
}

import Foundation
import TestSupport
import Testing

/// `--clear` beside a Django project.
///
/// Goal: neither the project nor a source reached only through a link is deleted, and the deleted
/// files are those of `collectstatic --clear`.
@Suite struct ClearedProjectTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The end of the settings; ELSEWHERE is a directory beside the project, with a file.
    let settings: String
    /// A part of the single line on standard error.
    let reason: String
    /// Prepares the project.
    let prepare: @Sendable (TemporaryDirectory) -> Void

    init(
      _ name: String,
      _ settings: String,
      _ reason: String,
      _ prepare: @escaping @Sendable (TemporaryDirectory) -> Void = { _ in }
    ) {
      (testDescription, self.settings, self.reason) = (name, settings, reason)
      self.prepare = prepare
    }
  }

  private static let elsewhere = "STATICFILES_DIRS = [os.environ['ELSEWHERE']]"

  static let rows = [
    Row(
      "the project is the root",
      "import os; STATIC_ROOT = BASE; \(elsewhere)",
      "it holds the Django project "
    ),
    Row(
      "a source is a link to the root",
      "STATICFILES_DIRS = [BASE / 'link']",
      "lies inside the source "
    ) {
      $0.write("x", to: "root/x.css")
      $0.link("link", to: "root")
    },
    Row("uploads are in the root", "MEDIA_ROOT = BASE / 'root/media'", "it holds data of the site ")
    {
      $0.write("x", to: "root/media/x.png")
    },
    Row(
      "a storage's uploads are in the root",
      "STORAGES['default'] = {'BACKEND': 'django.core.files.storage.FileSystemStorage', "
        + "'OPTIONS': {'location': BASE / 'root/media'}}",
      "it holds data of the site "
    ) {
      $0.write("x", to: "root/media/x.png")
    },
    Row(
      "a database is in the root",
      "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE / 'root/d'}}",
      "it holds data of the site "
    ) {
      $0.write("x", to: "root/d")
    },
    Row("a file is a link into the root", "", "/assets/x.css' is a link to") {
      $0.write("x", to: "root/x.css")
      $0.link("assets/x.css", to: "../root/x.css")
    },
  ]

  @Test("nothing is deleted", arguments: rows)
  func refused(row: Row) throws {
    let site = try DjangoSite(settings: row.settings)
    let elsewhere = TemporaryDirectory()
    elsewhere.write("b {}", to: "b.css")
    row.prepare(site.directory)
    // Python's own cache is excluded from the comparison.
    let environment = ["ELSEWHERE": elsewhere.path, "PYTHONDONTWRITEBYTECODE": "1"]
    let files = site.directory.files()
    for options in [["--clear", "--dry-run"], ["--clear"]] {
      let result = Command.run(
        [Command.staticd, "collect", "--python", site.python] + options
          + ["--django", site.directory.path],
        directory: "/",
        environment: environment
      )
      #expect(result.status == 2)
      #expect(result.problemLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains(row.reason), "\(result.errors)")
      #expect(site.directory.files() == files)
    }
  }

  @Test("a file that became a directory, and the reverse, as with collectstatic")
  func parity() throws {
    let sites = [try DjangoSite(), try DjangoSite()]
    for site in sites {
      site.directory.write("file", to: "assets/t.txt")
      site.directory.write("inside", to: "assets/u.txt/x.txt")
      #expect(site.collectstatic().status == 0)
      for name in ["t.txt", "u.txt"] { site.directory.remove("assets/\(name)") }
      site.directory.write("inside", to: "assets/t.txt/x.txt")
      site.directory.write("file", to: "assets/u.txt")
    }
    let django = sites[0].collectstatic("--clear")
    #expect(django.status == 0, "\(django.errors)")
    let own = sites[1].collect("--clear", "--formats", "none")
    #expect(own.status == 0, "\(own.errors)")
    // Django keeps the empty directory u.txt, takes it for a newer file, and copies nothing.
    let names = Set(sites[0].names).union(["u.txt"])
    #expect(Set(sites[1].names).subtracting(["staticd.json"]) == names)
  }
}

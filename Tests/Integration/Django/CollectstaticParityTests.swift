import Foundation
import TestSupport
import Testing

/// A project with real apps, collected by Django's own command and by `staticd collect --django`.
///
/// Goal: the same manifest and the same bytes of every file it names. The apps are chosen so that
/// Django 5.2, which the test's Python has, and 6.1 give the same result.
@Suite struct CollectstaticParityTests {
  private static let settings = """
    INSTALLED_APPS = [
        "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
        "django.contrib.messages", "django.contrib.sessions", "django.contrib.staticfiles",
        "rest_framework", "debug_toolbar", "shop",
    ]
    STATICFILES_DIRS = [BASE / "assets", ("vendor/x", BASE / "vendor")]
    STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.FileSystemFinder",
        "site_finder.BuildFinder",
        "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    ]
    """

  private func site(_ settings: String = "") throws -> DjangoSite {
    let site = try DjangoSite(settings: Self.settings + "\n" + settings)
    let files = site.directory
    files.write("", to: "shop/__init__.py")
    files.write(
      "@import 'deep/b.css';\nx { y: url(\"/static/vendor/x/l.svg#i\") }",
      to: "assets/a.css"
    )
    files.write("y { z: url(../vendor/x/l.svg) } /* url(data:,x) */", to: "assets/deep/b.css")
    files.write("<svg/>\n", to: "vendor/l.svg")
    files.write("hidden", to: "vendor/.hidden")
    files.write("f {}\n//# sourceMappingURL=shop.js.map\n", to: "shop/static/shop/shop.js")
    files.write("{}", to: "shop/static/shop/shop.js.map")
    files.write("hidden by the first", to: "shop/static/a.css")
    // Its own files, one of which hides one of the admin's.
    files.write("built {}", to: "build/out/built.css")
    files.write("mine {}", to: "build/out/base.css")
    files.write(
      """
      import pathlib
      from django.contrib.staticfiles.finders import BaseFinder
      from django.core.files.storage import FileSystemStorage

      class BuildFinder(BaseFinder):
          def list(self, ignore_patterns):
              build = FileSystemStorage(pathlib.Path(__file__).parent / "build")
              build.prefix = "admin/css"
              yield "out/built.css", build
              css = FileSystemStorage(pathlib.Path(__file__).parent / "build/out")
              css.prefix = "admin/css"
              yield "base.css", css

          def find(self, path, find_all=False):
              return []
      """,
      to: "site_finder.py"
    )
    return site
  }

  @Test("Django's admin, REST framework, debug toolbar and a project's own files")
  func equal() throws {
    let site = try site()
    let django = site.collectstatic()
    #expect(django.status == 0, "\(django.errors)")
    let ours = site.collect("--root", "ours", "--formats", "none")
    #expect(ours.status == 0, "\(ours.errors)")

    let paths = try site.paths()
    #expect(paths.count > 170)
    #expect(try site.paths("ours") == paths)
    #expect(hash(of: site, "ours") == hash(of: site, "root"))
    #expect(differing(Array(paths.keys) + Array(paths.values), in: site) == [])
    let manifests = ["staticd.json", "staticfiles.json"]
    let names = site.directory.files(below: "ours").filter { !manifests.contains($0) }
    #expect(Set(names) == Set(paths.keys).union(paths.values))
    #expect(site.directory.text("ours/admin/css/base.css") == "mine {}")
    // The same sentence, except for the conflicts that Django reports since 6.0.
    let count = paths.count
    #expect(django.output.contains("\(count) static files copied"))
    #expect(ours.output.contains("\(count) static files copied"))
    #expect(ours.output.contains(", \(count) post-processed, 2 skipped due to conflict."))
  }

  @Test("with WhiteNoise's storage every file is the same, including compressed files")
  func whiteNoise() throws {
    let storage = DjangoSite.storage("whitenoise.storage.CompressedManifestStaticFilesStorage")
    let site = try site(storage)
    #expect(site.collectstatic().status == 0)
    // That Python has no brotli.
    let ours = site.collect("--root", "ours", "--formats", "gzip")
    #expect(ours.status == 0, "\(ours.errors)")
    let manifests = ["staticd.json", "staticfiles.json"]
    let names = site.names.filter { !manifests.contains($0) }
    #expect(names.count { $0.hasSuffix(".gz") } > 200)
    let others = site.directory.files(below: "ours").filter { !manifests.contains($0) }
    #expect(Set(others).symmetricDifference(names) == [])
    #expect(differing(names, in: site) == [])
  }

  @Test(
    "references are known by STATIC_URL, whatever URL the storage has",
    arguments: [
      ("/static/", "https://cdn.example.com/s/"), ("static/", "/static/v2/"), ("/s/", "/"),
      ("https://cdn.example.com/s/", "/static/"),
    ]
  )
  func storageURL(url: String, storageURL: String) throws {
    let site = try DjangoSite(
      settings: """
        STATIC_URL, MEDIA_URL = "\(url)", "/media/"
        STORAGES["staticfiles"]["OPTIONS"] = {"base_url": "\(storageURL)"}
        """
    )
    site.directory.write("<svg/>\n", to: "assets/d/l.svg")
    let urls = ["/static/d/l.svg", "/s/d/l.svg", "/static/v2/d/l.svg", "d/l.svg"]
    // With STATIC_URL, this one would name a file of the directory `v2`, which does not exist.
    let hasMissing = url.hasSuffix("static/")
    for (index, text) in urls.enumerated() where text != "/static/v2/d/l.svg" || !hasMissing {
      site.directory.write("a { b: url(\(text)) }\n", to: "assets/\(index).css")
    }
    let theirs = site.collectstatic()
    #expect(theirs.status == 0, "\(theirs.errors)")
    let ours = site.collect("--root", "ours", "--formats", "none")
    #expect(ours.status == 0, "\(ours.errors)")
    #expect(try site.paths("ours") == site.paths())
    #expect(differing(site.names.filter { $0 != "staticfiles.json" }, in: site) == [])
    // A server answers at the URL that pages have.
    let explained = Command.staticd(
      "explain",
      (storageURL.hasPrefix("/") ? storageURL : "/s/") + "a.css",
      "--root",
      "ours",
      "--django",
      "--python",
      site.python,
      directory: site.directory.path
    )
    #expect(explained.output.contains("200 OK"), "\(explained.errors)")
  }

  @Test(
    "prefixes as a storage saves them",
    arguments: [".", "./p", "p/.", "p//q", "./p/./q", "p"]
  )
  func prefixes(prefix: String) throws {
    let site = try DjangoSite(settings: "STATICFILES_DIRS = [('\(prefix)', BASE / 'assets')]")
    let theirs = site.collectstatic()
    #expect(theirs.status == 0, "\(theirs.errors)")
    let ours = site.collect("--root", "ours", "--formats", "none")
    #expect(ours.status == 0, "\(ours.errors)")
    let names = site.names.filter { $0 != "staticfiles.json" }
    let others = site.directory.files(below: "ours").filter { !$0.hasSuffix(".json") }
    #expect(others == names)
    #expect(differing(names, in: site) == [])
    // Django keeps the spelling of the settings in its manifest.
    let paths = try site.paths().map { (plain($0.key), plain($0.value)) }
    #expect(try site.paths("ours") == Dictionary(uniqueKeysWithValues: paths))
  }

  /// A name without `.` and doubled slashes.
  private func plain(_ name: String) -> String {
    name.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// The files that differ between the two roots, or are missing in one.
  private func differing(_ names: [String], in site: DjangoSite) -> [String] {
    names.filter { name in
      let ours = site.directory.read("ours/\(name)")
      return ours == nil || ours != site.directory.read("root/\(name)")
    }
  }

  private func hash(of site: DjangoSite, _ root: String) -> Substring? {
    site.directory.text("\(root)/staticfiles.json")?.suffix(15)
  }
}

import Foundation
import TestSupport
import Testing

/// A project that changes Django's storages, finders or commands: the change is honoured, or refused with the
/// reason.
@Suite struct ChangedProjectTests {
  @Test(
    "what decides about names and content is refused, wherever it is changed",
    arguments: changes
  )
  func refused(change: Change) throws {
    let site = try DjangoSite(settings: change.settings)
    site.directory.write(change.module, to: "own.py")
    let result = site.collect()
    #expect(result.status == 2)
    #expect(result.problemLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains(change.mention), "\(result.errors)")
    #expect(site.names.isEmpty)
    // Where files come from has nothing to do with it.
    guard !change.settings.contains("FINDERS") else { return }
    let found = Command.staticd(
      "find",
      "a.css",
      "--python",
      site.python,
      directory: site.directory.path
    )
    #expect(found.status == 0, "\(found.errors)")
  }

  /// What decides which files there are, changed in every way.
  static let listings = [
    "finders.FileSystemFinder.list = lambda self, patterns: [('b.css', other)]",
    "utils.get_files = lambda storage, patterns=None, location='': ['c.txt']",
    "FileSystemStorage.listdir = lambda self, path: ([], ['c.txt'])",
    "collectstatic.get_finders = lambda: [Own()]",
    "Settings.storage_changes = {'listdir': lambda path: ([], ['c.txt'])}",
    "Settings.storage_changes = {'prefix': 'x/y'}",
    "Settings.storage_changes = {'location': 'other'}",
    "Settings.storage_changes = {'path': lambda name: join('assets', name)}",
    "Own.names = ['./b.css']; other.prefix = 'x/y'; Settings.own = [Own()]",
  ]

  @Test(
    "what a project changes of its finders and of Django's listing is honoured",
    arguments: listings
  )
  func listed(change: String) throws {
    let site = try DjangoSite(settings: "STATICFILES_FINDERS = ['own.Settings']")
    site.directory.write("c\n", to: "assets/c.txt")
    site.directory.write("a2\n", to: "assets/a2.css")
    site.directory.write("b {}\n", to: "other/b.css")
    site.directory.write(
      """
      from os.path import join
      from django.contrib.staticfiles import finders, utils
      from django.contrib.staticfiles.management.commands import collectstatic
      from django.core.files.storage import FileSystemStorage
      other = FileSystemStorage("other")
      class Own(finders.BaseFinder):
          names = ["b.css"]
          def list(self, patterns): return [(name, other) for name in self.names]
      class Settings(finders.FileSystemFinder):
          storage_changes, own = {}, []
          def __init__(self, *arguments, **options):
              super().__init__(*arguments, **options)
              for storage in self.storages.values():
                  for name, value in self.storage_changes.items(): setattr(storage, name, value)
          def list(self, patterns):
              yield from super().list(patterns)
              for finder in self.own: yield from finder.list(patterns)
      \(change)
      if not Settings.own: del Settings.list
      """,
      to: "own.py"
    )
    let theirs = site.collectstatic()
    #expect(theirs.status == 0, "\(theirs.errors)")
    let ours = site.collect("--root", "ours", "--formats", "none")
    #expect(ours.status == 0, "\(ours.errors)")
    let files = site.directory
    let names = files.files(below: "root")
    #expect(names.count > 2)
    #expect(files.files(below: "ours").filter { $0 != "staticd.json" } == names)
    for name in names where name != "staticfiles.json" {
      #expect(files.text("ours/\(name)") == files.text("root/\(name)"), "\(name)")
    }
    // Django keeps the finder's spelling, which no template asks for.
    let paths = try site.paths("root").map { ($0.key.replacing("/./", with: "/"), $0.value) }
    #expect(try site.paths("ours") == Dictionary(uniqueKeysWithValues: paths))
  }

  @Test(
    "a project's own collectstatic is refused, one that only looks different is not",
    arguments: [("    def handle(self, **options): pass", 2), ("    help = 'x'", 0)]
  )
  func ownCommand(body: String, status: Int32) throws {
    let site = try DjangoSite(settings: "INSTALLED_APPS = ['own'] + INSTALLED_APPS")
    for name in ["own", "own/management", "own/management/commands"] {
      site.directory.write("", to: "\(name)/__init__.py")
    }
    site.directory.write(
      "from django.contrib.staticfiles.management.commands import collectstatic\n"
        + "class Command(collectstatic.Command):\n\(body)\n",
      to: "own/management/commands/collectstatic.py"
    )
    let result = site.collect()
    #expect(result.status == status, "\(result.errors)")
    let name = "own.management.commands.collectstatic.Command"
    #expect(
      result.errors.contains("command \(name) is not Django's; run that one") == (status == 2)
    )
  }

  @Test("the directory and the URL of the storage's OPTIONS are known to every command")
  func location() throws {
    let site = try DjangoSite(
      settings: """
        STATIC_ROOT = None
        STORAGES["staticfiles"]["OPTIONS"] = {"location": BASE / "there", "base_url": "/s/"}
        """
    )
    let collected = site.collect()
    #expect(collected.status == 0, "\(collected.errors)")
    #expect(site.directory.files().contains("there/a.css"))
    let check = Command.staticd(
      "check",
      directory: site.directory.path,
      environment: ["STATICD_PYTHON": site.python]
    )
    #expect(check.status == 0, "\(check.errors)")
    let explained = Command.staticd(
      "explain",
      "/s/a.css",
      "--python",
      site.python,
      directory: site.directory.path
    )
    #expect(explained.status == 0, "\(explained.errors)")
    #expect(explained.output.contains("200"))
    #expect(site.collect("--root", "elsewhere").status == 0)
    #expect(site.directory.files().contains("elsewhere/a.css"))
  }

  @Test("find finds what findstatic finds")
  func find() throws {
    let site = try DjangoSite(settings: "STATIC_ROOT = None")
    site.directory.write("x", to: "assets/d/.hidden")
    for name in ["a.css", "d", "d/.hidden", "./a.css", "none.css"] {
      let ours = Command.staticd(
        "find",
        name,
        "--python",
        site.python,
        directory: site.directory.path
      )
      let theirs = Command.run(
        [site.python, "manage.py", "findstatic", name],
        directory: site.directory.path
      )
      #expect(ours.output == theirs.output)
      #expect((ours.status == 0) == !theirs.output.isEmpty)
    }
  }
}

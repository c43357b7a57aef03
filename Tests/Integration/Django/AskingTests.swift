import Foundation
import TestSupport
import Testing

/// A project that is asked: it answers, or is refused, and none of its commands runs.
@Suite struct AskingTests {
  /// A way in which a `manage.py` starts a command.
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What follows `import os, sys` and the name of the settings.
    let script: String
    /// Whether the project can be asked all the same.
    var answers = true
    /// Further files of the project.
    var files: [String: String] = [:]
  }

  private static let setup = "import django; django.setup()\n"
  private static let execute =
    "from django.core.management import execute_from_command_line as e\ne(sys.argv)\n"

  private static let options =
    "interactive=False, verbosity=1, link=False, clear=False, dry_run=False, ignore_patterns=[], "
    + "use_default_ignore_patterns=True, post_process=True"

  /// A `manage.py` that starts itself once more, with words of its own.
  private static func restart(_ description: String, _ start: String) -> Way {
    Way(
      testDescription: "starts itself over by \(description)",
      script: """
        if "INNER" not in os.environ:
            os.environ["INNER"] = "1"
            words = []
            \(start)
        if os.environ["INNER"] == "1": sys.argv = ["manage.py", "collectstatic", "--noinput"]
        \(execute)
        """,
      answers: false
    )
  }

  static let ways = [
    Way(testDescription: "execute_from_command_line", script: execute),
    Way(
      testDescription: "ManagementUtility",
      script: "from django.core.management import ManagementUtility as U\nU(sys.argv).execute()"
    ),
    Way(
      testDescription: "a subclass of ManagementUtility",
      script: """
        from django.core.management import ManagementUtility
        class U(ManagementUtility):
            def execute(self):
                super().execute()
        U(sys.argv).execute()
        """
    ),
    Way(
      testDescription: "a subclass that runs the command itself",
      script: setup + """
        from django.core.management import ManagementUtility
        class U(ManagementUtility):
            def execute(self):
                self.fetch_command("collectstatic").run_from_argv(
                    ["manage.py", "collectstatic", "--noinput"])
        U(sys.argv).execute()
        """
    ),
    Way(
      testDescription: "call_command with the arguments",
      script: setup
        + "from django.core.management import call_command\ncall_command(sys.argv[1], *sys.argv[2:])"
    ),
    Way(
      testDescription: "call_command of collectstatic",
      script: setup + """
        from django.core import management
        management.call_command("collectstatic", interactive=False)
        """
    ),
    Way(
      testDescription: "run_from_argv",
      script: setup + """
        from django.contrib.staticfiles.management.commands.collectstatic import Command
        Command().run_from_argv(["manage.py", "collectstatic", "--noinput"])
        """
    ),
    Way(
      testDescription: "BaseCommand.execute",
      script: setup + """
        from django.contrib.staticfiles.management.commands.collectstatic import Command
        command = Command()
        command.execute(**vars(command.create_parser("manage.py", "x").parse_args(["--noinput"])))
        """
    ),
    Way(
      testDescription: "a command before the others",
      script: setup + """
        from django.core.management import call_command
        call_command("collectstatic", interactive=False)
        \(execute)
        """
    ),
    Way(
      testDescription: "a command in the set-up of an app",
      script: execute,
      files: [
        "own.py": """
        from django.apps import AppConfig
        class Own(AppConfig):
            name = "own"
            def ready(self):
                from django.core.management import call_command
                call_command("collectstatic", interactive=False)
        """
      ]
    ),
    Way(
      testDescription: "another module",
      script: "import cli",
      files: ["cli.py": "import sys\n" + execute]
    ),
    Way(
      testDescription: "exec of itself",
      script: """
        if "INNER" not in os.environ:
            os.environ["INNER"] = "1"
            os.execv(sys.executable, [sys.executable, "manage.py", "collectstatic", "--noinput"])
        \(execute)
        """,
      answers: false
    ),
    Way(
      testDescription: "the handle of collectstatic",
      script: setup + """
        from django.contrib.staticfiles.management.commands.collectstatic import Command
        Command().handle(\(options))
        """
    ),
    Way(
      testDescription: "the handle of a subclass",
      script: setup + """
        from django.contrib.staticfiles.management.commands import collectstatic
        class Command(collectstatic.Command):
            def handle(self, **options):
                return super().handle(**options)
        Command.handle(Command(), \(options))
        """
    ),
    Way(
      testDescription: "the parts of collectstatic",
      script: setup + """
        from django.contrib.staticfiles.management.commands.collectstatic import Command
        command = Command()
        command.set_options(\(options))
        command.collect()
        """
    ),
    Way(
      testDescription: "the storage itself",
      script: setup + """
        from django.contrib.staticfiles.storage import staticfiles_storage
        from django.core.files.base import ContentFile
        staticfiles_storage.save("b.css", ContentFile(b"b"))
        """
    ),
    restart(
      "a child",
      "import subprocess; sys.exit(subprocess.call([sys.executable, __file__, 'collectstatic']))"
    ),
    restart(
      "a child elsewhere",
      "import subprocess; path = os.path.abspath(__file__)\n"
        + "    sys.exit(subprocess.call([sys.executable, path] + words, cwd='/'))"
    ),
    restart(
      "a fork that executes it",
      """
      child = os.fork()
          if child == 0: os.execv(sys.executable, [sys.executable, __file__] + words)
          sys.exit(os.waitpid(child, 0)[1] >> 8)
      """
    ),
    restart(
      "spawn",
      "sys.exit(os.spawnv(os.P_WAIT, sys.executable, [sys.executable, './manage.py'] + words))"
    ),
    restart(
      "posix_spawn",
      """
      argv = [sys.executable, 'manage.py'] + words
          sys.exit(os.waitpid(os.posix_spawn(sys.executable, argv, os.environ), 0)[1] >> 8)
      """
    ),
    restart(
      "a shell",
      "sys.exit(os.system(sys.executable + ' ./manage.py ' + ' '.join(words)) >> 8)"
    ),
    restart(
      "a pipe",
      "sys.exit(os.popen(sys.executable + ' -m manage ' + ' '.join(words)).close())"
    ),
    restart(
      "code that imports it",
      """
      import subprocess
          sys.exit(subprocess.call([sys.executable, '-c', 'from manage import main'] + words))
      """
    ),
    restart(
      "code",
      """
      import subprocess
          code = "import os, runpy; runpy.run_path('manage.py', run_name='__main__')"
          sys.exit(subprocess.call([sys.executable, '-c', code] + words))
      """
    ),
    Way(
      testDescription: "a child with its arguments",
      script:
        "import subprocess\nsys.exit(subprocess.call([sys.executable, 'inner.py'] + sys.argv[1:]))",
      answers: false,
      files: ["inner.py": "import os, sys\n" + settings + execute]
    ),
    Way(
      testDescription: "a shell with its arguments",
      script: "sys.exit(os.system(sys.executable + ' inner.py ' + ' '.join(sys.argv[1:])) >> 8)",
      answers: false,
      files: ["inner.py": "import os, sys\n" + settings + execute]
    ),
    Way(
      testDescription: "a child by fork and exec",
      script:
        "sys.exit(os.spawnv(os.P_WAIT, sys.executable, [sys.executable, 'inner.py'] + sys.argv[1:]))",
      answers: false,
      files: ["inner.py": "import os, sys\n" + settings + execute]
    ),
    Way(
      testDescription: "a child that has another task",
      script: "import subprocess\nsubprocess.check_call(['true'])\n" + execute
    ),
    Way(
      testDescription: "children in every way that have another task",
      script: """
        import subprocess
        subprocess.call(["git", "rev-parse", "HEAD"])
        subprocess.call([sys.executable, "-c", "print('manage')"])
        os.system("echo manage; ls -d /collectstatic-demo/")
        os.popen("true").close()
        os.spawnv(os.P_WAIT, "/bin/sh", ["sh", "-c", "true"])
        os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", "true"], os.environ), 0)
        \(execute)
        """
    ),
  ]

  private static let settings = "os.environ['DJANGO_SETTINGS_MODULE'] = 'site_settings'\n"

  @Test("none of its commands runs", arguments: ways)
  func readOnly(way: Way) throws {
    let site = try DjangoSite(
      settings: way.files["own.py"] == nil ? "" : "INSTALLED_APPS.append('own.Own')"
    )
    site.directory.write("import os, sys\n" + Self.settings + way.script, to: "manage.py")
    for (name, text) in way.files { site.directory.write(text, to: name) }
    // With files in the root, Django's own command would ask whether to overwrite them.
    for hasRoot in [false, true] {
      if hasRoot { site.directory.write("old", to: "root/old.txt") }
      let asks = [["find", "a.css"], ["collect", "--dry-run"]]
      for command in hasRoot ? asks : asks + [["explain", "/static/a.css"]] {
        let result = Command.run(
          [Command.staticd] + command,
          directory: site.directory.path,
          environment: ["STATICD_PYTHON": site.python]
        )
        if !way.answers {
          #expect(result.status == 2)
          #expect(result.errors.contains("in its place, where it cannot be asked"))
        } else if command[0] == "find" || command[0] == "collect" {
          #expect(result.status == 0, "\(command) \(result.errors)")
        }
        #expect(site.names == (hasRoot ? ["old.txt"] : []), "\(command)")
      }
    }
    let collected = site.collect()
    #expect(collected.status == (way.answers ? 0 : 2), "\(collected.errors)")
  }

  @Test("settings that look for collectstatic find it")
  func arguments() throws {
    let site = try DjangoSite(settings: "if 'collectstatic' not in sys.argv: raise ValueError")
    site.directory.write(
      "import sys\n" + (site.directory.text("site_settings.py") ?? ""),
      to: "site_settings.py"
    )
    #expect(site.collect().status == 0)
  }

  @Test("a project that hangs is ended when its time is over")
  func timeout() throws {
    let site = try DjangoSite(
      settings: """
        import os, subprocess, time
        child = subprocess.Popen(["sleep", "1000"])
        (BASE / "pids").write_text("%d %d" % (os.getpid(), child.pid))
        print("connecting to the database", flush=True)
        time.sleep(1000)
        """
    )
    let result = site.collect("--django-timeout", "3")
    #expect(result.status == 2)
    #expect(result.errorLines.count == 3, "\(result.errors)")
    #expect(result.errorLines[0].contains("waiting for the Django project in '.', asked with '"))
    #expect(result.errorLines[1].contains("did not answer within 3 seconds and was ended;"))
    #expect(result.errorLines[2].hasSuffix("printed: connecting to the database"))
    for process in try processes(site) { #expect(eventually { kill(process, 0) != 0 }) }
    for value in ["0", "3601", "-1"] {
      #expect(site.collect("--django-timeout=\(value)").status == 2)
    }
  }

  @Test("its processes end with us", arguments: [SIGTERM, SIGINT, SIGHUP, SIGKILL])
  func end(signal: Int32) throws {
    let site = try DjangoSite(
      settings: """
        import os, signal, subprocess, time
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        child = subprocess.Popen(["sleep", "1000"])
        (BASE / "pids.new").write_text("%d %d" % (os.getpid(), child.pid))
        os.rename(BASE / "pids.new", BASE / "pids")
        time.sleep(1000)
        """
    )
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = ["collect", "--python", site.python]
    process.currentDirectoryURL = URL(fileURLWithPath: site.directory.path)
    process.standardError = FileHandle.nullDevice
    try process.start()
    #expect(eventually { site.directory.text("pids") != nil })
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    for process in try processes(site) { #expect(eventually { kill(process, 0) != 0 }) }
  }

  private func processes(_ site: DjangoSite) throws -> [Int32] {
    try #require(site.directory.text("pids")).split(separator: " ").compactMap { Int32($0) }
  }

  @Test(
    "what a project prints before it ends is shown",
    arguments: ["import sys; sys.exit(1)", "import os; os._exit(3)", "exit()", "raise SystemExit"]
  )
  func reason(end: String) throws {
    let site = try DjangoSite(
      settings: "print('\\nSet DATABASE_URL first.\\n', flush=True)\n\(end)"
    )
    let result = site.collect()
    #expect(result.status == 2)
    #expect(result.errorLines.count == 2, "\(result.errors)")
    #expect(result.errorLines.last?.hasSuffix(" printed: Set DATABASE_URL first.") == true)
  }

  /// A change of a project that decides about names or content.
  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// A module `own` with a storage `S`.
    let module: String
    let mention: String
    var settings = DjangoSite.storage("own.S")
  }

  private static let manifest =
    "from django.contrib.staticfiles.storage import ManifestStaticFilesStorage as M\n"
    + "from django.contrib.staticfiles import storage as library\n"

  /// A patch of Django's command.
  private static func command(_ method: String, _ value: String) -> Change {
    Change(
      testDescription: "a patched \(method) of collectstatic",
      module: """
        import functools
        from django.contrib.staticfiles.management.commands.collectstatic import Command
        plain = Command.\(method)
        Command.\(method) = \(value)
        """,
      mention: "changes \(method) of Django's collectstatic command; run that one",
      settings: "import own"
    )
  }

  /// A finder that changes its storages.
  private static func finder(_ method: String, _ value: String) -> Change {
    Change(
      testDescription: "\(method) of a finder's storage",
      module: """
        from django.contrib.staticfiles.finders import FileSystemFinder
        from django.core.files.base import ContentFile
        class F(FileSystemFinder):
            def __init__(self, *arguments, **options):
                super().__init__(*arguments, **options)
                for storage in self.storages.values():
                    storage.\(method) = \(value)
        """,
      mention: "FileSystemStorage makes the content of 'a.css' when it is opened",
      settings: "STATICFILES_FINDERS = ['own.F']"
    )
  }

  static let changes = [
    Change(
      testDescription: "compiled patterns emptied in __init__",
      module: manifest + """
        class S(M):
            def __init__(self, *a, **k):
                super().__init__(*a, **k)
                self._patterns = {}
        """,
      mention: "changes patterns,"
    ),
    Change(
      testDescription: "patterns of the instance",
      module: manifest + """
        class S(M):
            def __init__(self, *a, **k):
                self.patterns = (M.patterns[0],)
                super().__init__(*a, **k)
        """,
      mention: "changes patterns,"
    ),
    Change(
      testDescription: "a method of the instance",
      module: manifest + """
        class S(M):
            def __init__(self, *a, **k):
                super().__init__(*a, **k)
                self.file_hash = lambda name, content=None: "0123456789ab"
        """,
      mention: "changes file_hash,"
    ),
    Change(
      testDescription: "ignored blocks, 6.1",
      module: manifest + "class S(M):\n    def is_in_ignored_block(self, *a): return True",
      mention: "changes is_in_ignored_block,"
    ),
    Change(
      testDescription: "ignored blocks of a file, 6.1",
      module: manifest + "class S(M):\n    def get_ignored_blocks(self, *a): return []",
      mention: "changes get_ignored_blocks,"
    ),
    Change(
      testDescription: "comments, 4.2 to 6.0",
      module: manifest + "class S(M):\n    def is_in_comment(self, *a): return True",
      mention: "changes is_in_comment,"
    ),
    Change(
      testDescription: "comment blocks, 4.2 to 6.0",
      module: manifest + "class S(M):\n    def get_comment_blocks(self, *a): return []",
      mention: "changes get_comment_blocks,"
    ),
    Change(
      testDescription: "a patched method of the mixin",
      module: manifest + """
        library.HashedFilesMixin.file_hash = lambda self, name, content=None: "0123456789ab"
        class S(M): pass
        """,
      mention: "changes file_hash,"
    ),
    Change(
      testDescription: "a wrapped method of the mixin",
      module: manifest + """
        import functools
        plain = library.HashedFilesMixin.hashed_name
        @functools.wraps(plain)
        def hashed_name(self, *a, **k): return plain(self, *a, **k)
        library.HashedFilesMixin.hashed_name = hashed_name
        class S(M): pass
        """,
      mention: "changes hashed_name,"
    ),
    Change(
      testDescription: "patched patterns of the mixin",
      module: manifest + """
        library.HashedFilesMixin.patterns = ()
        class S(M): pass
        """,
      mention: "changes patterns,"
    ),
    Change(
      testDescription: "a patch in the settings, of Django's own storage",
      module: manifest + "library.ManifestFilesMixin.post_process = lambda self, *a, **k: ()",
      mention: "changes post_process,",
      settings: "import own"
    ),
    Change(
      testDescription: "a method by __getattribute__",
      module: manifest + """
        class S(M):
            def __getattribute__(self, name):
                if name == "file_hash": return lambda name, content=None: "0123456789ab"
                return super().__getattribute__(name)
        """,
      mention: "changes file_hash,"
    ),
    Change(
      testDescription: "a patched function of the storage's module",
      module: manifest
        + "library.matches_patterns = lambda path, patterns=None: False\nclass S(M): pass",
      mention: "changes matches_patterns,"
    ),
    Change(
      testDescription: "a patch of how files are opened",
      module: """
        from django.core.files.storage import FileSystemStorage
        plain = FileSystemStorage._open
        FileSystemStorage._open = lambda self, name, mode="rb": plain(self, name, mode)
        """,
      mention: "changes _open,",
      settings: "import own"
    ),
    Change(
      testDescription: "a patch of how files are read",
      module: """
        from django.core.files.base import File
        File.chunks = lambda self, size=None: iter([b"made"])
        """,
      mention: "makes the content of 'a.css' when it is opened",
      settings: "import own"
    ),
    Change(
      testDescription: "a patch of where files are",
      module: """
        from django.core.files.storage import FileSystemStorage
        plain = FileSystemStorage.path
        FileSystemStorage.path = lambda self, name: plain(self, name + "x")
        """,
      mention: "changes path,",
      settings: "import own"
    ),
    Change(
      testDescription: "a patch of the module that says where files are",
      module: """
        from django.core.files.storage import filesystem
        plain = filesystem.safe_join
        filesystem.safe_join = lambda base, name: plain(base, name + "x")
        """,
      mention: "changes safe_join,",
      settings: "import own"
    ),
    command("copy_file", "lambda self, *arguments: None"),
    command("collect", "functools.wraps(Command.collect)(lambda self: plain(self))"),
    command("handle", "lambda self, **options: None"),
    Change(
      testDescription: "a storage without a directory or a URL",
      module: "from django.core.files.storage import Storage\nclass S(Storage): pass",
      mention: "own.S keeps no files in a directory, and staticd collects into one"
    ),
    Change(
      testDescription: "a finder's storage that makes the content",
      module: """
        from django.contrib.staticfiles.finders import BaseFinder
        from django.core.files.base import ContentFile
        from django.core.files.storage import FileSystemStorage
        class Made(FileSystemStorage):
            def _open(self, name, mode="rb"): return ContentFile(b"made")
        class F(BaseFinder):
            def list(self, ignore_patterns): yield "a.css", Made("assets")
        """,
      mention: "own.Made makes the content of 'a.css' when it is opened",
      settings: "STATICFILES_FINDERS = ['own.F']"
    ),
    finder("_open", "lambda name, mode='rb': ContentFile(b'made')"),
    finder("open", "lambda name, mode='rb': ContentFile(b'made')"),
    Change(
      testDescription: "a finder's storage in memory",
      module: """
        from django.contrib.staticfiles.finders import BaseFinder
        from django.core.files.base import ContentFile
        from django.core.files.storage import InMemoryStorage
        class F(BaseFinder):
            def list(self, ignore_patterns):
                storage = InMemoryStorage("/nowhere")
                storage.save("a.css", ContentFile(b"made"))
                yield "a.css", storage
        """,
      mention: "InMemoryStorage makes the content of 'a.css' when it is opened",
      settings: "STATICFILES_FINDERS = ['own.F']"
    ),
  ]

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

  @Test(
    "a command asks the project once",
    arguments: [
      ["collect"], ["collect", "--dry-run"], ["collect", "--root", "other"], ["check"],
      ["explain", "/static/a.css"], ["find", "a.css"],
    ]
  )
  func once(command: [String]) throws {
    let outside = TemporaryDirectory()
    let site = try DjangoSite(settings: "open(\"\(outside.path("loads"))\", \"a\").write(\"x\")")
    #expect(site.collectstatic().status == 0)
    outside.write("", to: "loads")
    let result = Command.run(
      [Command.staticd] + command + ["--python", site.python],
      directory: site.directory.path
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(outside.text("loads") == "x")
  }
}

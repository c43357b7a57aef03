import Testing

/// The ways in which a `manage.py` starts a command.
extension AskingTests {
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

  /// A `manage.py` that runs the command in a child of multiprocessing.
  private static func process(_ method: String) -> String {
    """
    import multiprocessing
    def run(argv):
        \(execute.replacing("\n", with: "\n    ").replacing("sys.argv", with: "argv"))
    if __name__ == "__main__":
        argv = ["manage.py", "collectstatic", "--noinput"]
        child = multiprocessing.get_context("\(method)").Process(target=run, args=(argv,))
        child.start()
        child.join()
        sys.exit(child.exitcode)
    """
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
      "a shell through ctypes",
      """
      import ctypes
          line = sys.executable + ' manage.py ' + ' '.join(words)
          sys.exit(ctypes.CDLL(None).system(line.encode()) >> 8)
      """
    ),
    restart(
      "exec through ctypes",
      """
      import ctypes
          words = [sys.executable.encode(), b'manage.py', None]
          ctypes.CDLL("libc.so.6")["execv"](words[0], (ctypes.c_char_p * 3)(*words))
      """
    ),
    restart(
      "posix_spawn through ctypes",
      """
      import ctypes
          words = [sys.executable.encode(), b'manage.py', None]
          variables = [("%s=%s" % pair).encode() for pair in os.environ.items()] + [None]
          libc, number = ctypes.CDLL(None), ctypes.c_int()
          spawn = ctypes.CFUNCTYPE(*[ctypes.c_int] + [ctypes.c_void_p] * 6)(("posix_spawnp", libc))
          texts = lambda words: ctypes.cast((ctypes.c_char_p * len(words))(*words), ctypes.c_void_p)
          path = ctypes.cast(ctypes.c_char_p(words[0]), ctypes.c_void_p)
          spawn(ctypes.addressof(number), path, None, None, texts(words), texts(variables))
          sys.exit(os.waitpid(number.value, 0)[1] >> 8)
      """
    ),
    restart(
      "a pipe through ctypes",
      """
      import ctypes
          libc = ctypes.CDLL(None)
          libc.popen.restype = ctypes.c_void_p
          pipe = libc.popen((sys.executable + ' manage.py').encode(), b'r')
          sys.exit(libc.pclose(ctypes.c_void_p(pipe)) >> 8)
      """
    ),
    restart(
      "a fork through ctypes that executes it",
      """
      import ctypes
          child = ctypes.CDLL(None).fork()
          if child == 0: os.execv(sys.executable, [sys.executable, __file__])
          sys.exit(os.waitpid(child, 0)[1] >> 8)
      """
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
      testDescription: "a child of multiprocessing",
      script: process("spawn"),
      answers: false
    ),
    Way(
      testDescription: "a child of multiprocessing's server",
      script: process("forkserver"),
      answers: false
    ),
    Way(
      testDescription: "a child that has another task",
      script: "import subprocess\nsubprocess.check_call(['true'])\n" + execute
    ),
    Way(
      testDescription: "functions through ctypes that start nothing",
      script: """
        import ctypes
        libc = ctypes.CDLL(None)
        assert libc.getpid() == os.getpid() and libc.abs(-1) == 1
        child = libc.fork()
        if child == 0: os._exit(0)
        os.waitpid(child, 0)
        \(execute)
        """
    ),
    Way(
      testDescription: "children in every way that have another task",
      script: """
        import subprocess
        subprocess.call(["git", "rev-parse", "HEAD"])
        subprocess.call([sys.executable, "-c", "print('manage')"])
        subprocess.call(["cat", "manage.py"], cwd="/")
        os.system("echo manage; ls -d /collectstatic-demo/")
        os.popen("true").close()
        os.spawnv(os.P_WAIT, "/bin/sh", ["sh", "-c", "true"])
        os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", "true"], os.environ), 0)
        \(execute)
        """
    ),
  ]

  static let settings = "os.environ['DJANGO_SETTINGS_MODULE'] = 'site_settings'\n"
}

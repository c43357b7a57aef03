import Testing

/// The changes that are refused.
extension ChangedProjectTests {
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

  /// A global of one of Django's modules that the settings replace.
  private static func global(_ module: String, _ line: String, _ name: String) -> Change {
    Change(
      testDescription: "a replaced \(name) of \(module)",
      module: "import hashlib, sys\nfrom django import \(module.split(separator: ".")[0]) as _\n"
        + "import django.\(module) as library\n\(line)",
      mention: "changes \(name),",
      settings: "import own"
    )
  }

  private static let globals = [
    global("contrib.staticfiles.storage", "library.md5 = hashlib.sha1", "md5"),
    global("contrib.staticfiles.storage", "class md5(object): pass\nlibrary.md5 = md5", "md5"),
    global(
      "contrib.staticfiles.storage",
      "class C(library.ContentFile): pass\nlibrary.ContentFile = C",
      "ContentFile"
    ),
    global("contrib.staticfiles.storage", "library.json = object()", "json"),
    global("contrib.staticfiles.storage", "library.posixpath = sys", "posixpath"),
    global("contrib.staticfiles.storage", "library.urlsplit = str", "urlsplit"),
    global("contrib.staticfiles.storage", "library.sorted = reversed", "sorted"),
    global("contrib.staticfiles.storage", "del library.unquote", "unquote"),
    global(
      "core.files.storage.filesystem",
      "class F(library.File): pass\nlibrary.File = F",
      "File"
    ),
    global("core.files.storage.base", "library.pathlib = sys", "pathlib"),
    // Replaced where the storage imports it from.
    global(
      "core.files.base",
      "class C(library.ContentFile): pass\nlibrary.ContentFile = C",
      "ContentFile"
    ),
  ]

  static let changes =
    globals + [
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
}

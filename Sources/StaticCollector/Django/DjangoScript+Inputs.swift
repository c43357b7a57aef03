extension DjangoScript {
  /// Records the files and environment variables that the settings depend on.
  static let inputs = #"""
    # Until the project is set up: files that were opened to be read, paths whose state was asked for, and
    # variables that were read.
    opened, probed, read = set(), set(), set()
    # Whether a process was started: nothing can be compared with what it told.
    has_started = False
    is_noting = True
    plain_stat = os.stat

    # They decide nothing about static files, and nothing about them may be found in STATIC_ROOT.
    SECRETS = ("SECRET", "PASSWORD", "PASSWD", "TOKEN", "CREDENTIAL", "PRIVATE", "DSN", "DATABASE_URL")
    # API_KEY and AWS_ACCESS_KEY_ID, but not CACHE_KEY_PREFIX.
    KEY = re.compile(r"(?:^|_)(?:API|ACCESS)?KEYS?(?:_(?:ID|BASE64|[0-9]+))?$")

    LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
    # Python, packages, and what the system is made of.
    ELSEWHERE = (LIBRARY, "/usr/lib", "/usr/share", "/lib", "/lib64", "/proc", "/sys", "/dev")
    # Modules of Python that start programs to learn about the system.
    SYSTEM_MODULES = ("platform.py", "uuid.py", "ctypes/util.py", "sysconfig.py")
    # Modules of Python that are called by whoever reads a variable, asks for a path, or starts a program.
    PASSING = ("os", "_collections_abc", "genericpath", "posixpath", "pathlib", "subprocess")
    PASSING = re.compile(r"(?:^|/|<frozen )(?:%s)(?:\.py|>$|/[a-z_]+\.py)" % "|".join(PASSING))


    def note_inputs():
        mapping = type(os.environ)
        get = mapping.__getitem__

        def noting(self, name):
            if is_noting and isinstance(name, (str, bytes)) and not is_of_python(caller(2)):
                read.add(os.fsdecode(name))
            return get(self, name)

        mapping.__getitem__ = noting
        os.stat = noting_stat
        for known in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if plain_stat in known:
                known.add(noting_stat)
        if hasattr(sys, "addaudithook"):
            sys.addaudithook(note_event)


    def noting_stat(path, *arguments, **options):
        """What os.path.exists and pathlib call, too; no audit event tells of it."""
        is_path = not isinstance(path, int) and options.get("dir_fd") is None
        if is_noting and is_path and not is_of_python(caller(2)):
            note_path(probed, path)
        return plain_stat(path, *arguments, **options)


    def note_event(event, arguments):
        global has_started
        if not is_noting:
            return
        if event == "open":
            if isinstance(arguments[0], (str, bytes)) and not is_writing(arguments[2]):
                note_path(opened, arguments[0])
        elif started_program(event, arguments) is not None:
            has_started = has_started or not is_of_system(caller(2))


    def note_path(paths, path):
        try:
            paths.add(os.path.abspath(os.fsdecode(path)))
        except (TypeError, ValueError):
            # No path; the call fails of that.
            return


    def caller(depth):
        """The file of the code that has called a function of the modules in PASSING."""
        frame = sys._getframe(depth)
        while frame and PASSING.search(frame.f_code.co_filename):
            frame = frame.f_back
        return os.path.abspath(frame.f_code.co_filename) if frame else ""


    def is_of_python(file):
        """Whether a module of Python itself reads a variable, as for PATH and TZ."""
        return file.startswith(LIBRARY + os.sep) and "-packages" not in file


    def is_of_system(file):
        return is_of_python(file) and file.endswith(SYSTEM_MODULES)


    def is_input(path, root):
        """Whether a path is of the project, wherever that is: not of a library, and not collected."""
        if any(p in path for p in ("-packages", "__pycache__", "<")) or path.endswith(".pyc"):
            return False
        prefixes = {os.path.abspath(p) for p in (sys.prefix, sys.base_prefix)} - {"/", "/usr"}
        outside = ELSEWHERE + tuple(os.path.join(p, "lib") for p in prefixes)
        # Our own app, which is loaded already in a process that hands over.
        app = getattr(sys.modules.get("staticd.executable"), "__file__", None)
        for own in (root, app and os.path.dirname(app)):
            outside += (os.path.abspath(own),) if own else ()
        return not any(path == p or path.startswith(p + os.sep) for p in outside)


    def inputs(root):
        """What the settings were made of, once the project is set up; `root` is where it collects to."""
        global is_noting
        is_noting = False
        nothing = {"files": [], "absent": [], "present": [], "variables": []}
        if has_started:
            return nothing
        modules = [getattr(m, "__file__", None) for m in list(sys.modules.values())]
        modules = {os.path.abspath(m) for m in modules if isinstance(m, str)}
        paths = {p for p in opened | modules | probed if is_input(p, root)}
        files = {p for p in paths - (probed - opened - modules) if os.path.isfile(p)}
        present = {p for p in paths - files if os.path.exists(p)}
        names = [n for n in read if not is_secret(n.upper())]
        return {
            "files": recorded(files),
            "absent": recorded(paths - files - present),
            "present": recorded(present),
            "variables": sorted(names),
        }


    def recorded(paths):
        """Paths relative to the project, or absolute where they share nothing with it, sorted."""
        here = os.getcwd()
        near = os.path.join("/", here.split("/")[1], "")
        return sorted(os.path.relpath(p, here) if p.startswith(near) else p for p in paths)


    def is_secret(name):
        return KEY.search(name) is not None or any(s in name for s in SECRETS)
    """#
}

extension DjangoScript {
  /// Records the files and environment variables that the settings depend on.
  static let inputs = #"""
    # Recorded until the project is set up: files opened for reading, paths passed to stat, and
    # environment variables.
    opened, probed, read = set(), set(), set()
    # Whether a process was started, whose results cannot be recorded.
    has_started = False
    # Whether the whole environment was read, which differs between any two machines.
    has_listed = False
    is_noting = True
    plain_stat = os.stat

    # Secrets do not affect static files, and must not be in STATIC_ROOT, not even as digests.
    SECRETS = ("SECRET", "PASSWORD", "PASSWD", "TOKEN", "CREDENTIAL", "PRIVATE", "DSN", "DATABASE_URL")
    # Matches API_KEY and AWS_ACCESS_KEY_ID, but not CACHE_KEY_PREFIX.
    KEY = re.compile(r"(?:^|_)(?:API|ACCESS)?KEYS?(?:_(?:ID|BASE64|[0-9]+))?$")

    LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
    # Python, packages, and directories of the system.
    ELSEWHERE = (LIBRARY, "/usr/lib", "/usr/share", "/lib", "/lib64", "/proc", "/sys", "/dev")
    # Python modules that start programs to query the system.
    SYSTEM_MODULES = ("platform.py", "uuid.py", "ctypes/util.py", "sysconfig.py")
    # Python modules through which code reads variables, checks paths and starts programs.
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
        names = mapping.__iter__

        def listing(self):
            global has_listed
            if is_noting and not is_of_python(caller(2)):
                has_listed = True
            return names(self)

        mapping.__iter__ = listing
        os.stat = noting_stat
        for known in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if plain_stat in known:
                known.add(noting_stat)
        if hasattr(sys, "addaudithook"):
            sys.addaudithook(note_event)


    def noting_stat(path, *arguments, **options):
        """Replaces os.stat, which os.path.exists and pathlib call; it has no audit event."""
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


    def note_process():
        global has_started
        has_started = True


    def note_path(paths, path):
        try:
            paths.add(os.path.abspath(os.fsdecode(path)))
        except (TypeError, ValueError):
            # Not a path, so the call itself fails.
            return


    def caller(depth):
        """The file of the code that called into the modules in PASSING."""
        frame = sys._getframe(depth)
        while frame and PASSING.search(frame.f_code.co_filename):
            frame = frame.f_back
        return os.path.abspath(frame.f_code.co_filename) if frame else ""


    def is_of_python(file):
        """Whether a file is a module of Python itself, which reads variables such as TZ."""
        return file.startswith(LIBRARY + os.sep) and "-packages" not in file


    def is_of_system(file):
        return is_of_python(file) and file.endswith(SYSTEM_MODULES)


    def is_input(path, root):
        """Whether a path belongs to the project, not to a library or the collected files."""
        if any(p in path for p in ("-packages", "__pycache__", "<")) or path.endswith(".pyc"):
            return False
        prefixes = {os.path.abspath(p) for p in (sys.prefix, sys.base_prefix)} - {"/", "/usr"}
        outside = ELSEWHERE + tuple(os.path.join(p, "lib") for p in prefixes)
        # The app "staticd", which is loaded in a process that hands over.
        app = getattr(sys.modules.get("staticd.executable"), "__file__", None)
        for own in (root, app and os.path.dirname(app)):
            outside += (os.path.abspath(own),) if own else ()
        return not any(path == p or path.startswith(p + os.sep) for p in outside)


    def inputs(root):
        """The inputs of the settings once the project is set up; `root` is STATIC_ROOT."""
        global is_noting
        is_noting = False
        nothing = {"files": [], "absent": [], "present": [], "variables": []}
        if has_started or has_listed:
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
        """The sorted paths, relative to the project if they share a top-level directory."""
        here = os.getcwd()
        near = os.path.join("/", here.split("/")[1], "")
        return sorted(os.path.relpath(p, here) if p.startswith(near) else p for p in paths)


    def is_secret(name):
        return KEY.search(name) is not None or any(s in name for s in SECRETS)
    """#
}

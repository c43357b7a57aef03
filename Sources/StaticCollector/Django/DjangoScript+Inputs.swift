extension DjangoScript {
  /// What the settings depend on: files of the project and variables of the environment.
  static let inputs = #"""
    # Files that were opened and variables that were read until the settings were loaded.
    opened, read = set(), set()
    is_noting = True

    # They decide nothing about static files, and nothing about them may be found in STATIC_ROOT.
    SECRETS = ("SECRET", "PASSWORD", "PASSWD", "TOKEN", "CREDENTIAL", "PRIVATE", "KEY", "DSN", "DATABASE_URL")


    def note_inputs():
        mapping = type(os.environ)
        get = mapping.__getitem__

        def noting(self, name):
            if is_noting and isinstance(name, str) and not is_read_by_python():
                read.add(name)
            return get(self, name)

        mapping.__getitem__ = noting
        if hasattr(sys, "addaudithook"):
            sys.addaudithook(note_open)


    def note_open(event, arguments):
        if is_noting and event == "open" and isinstance(arguments[0], (str, bytes)):
            opened.add(os.path.abspath(os.fsdecode(arguments[0])))


    LIBRARY = os.path.dirname(os.path.abspath(os.__file__))


    def is_read_by_python():
        """Whether a module of Python itself reads a variable, as for PATH and TZ."""
        frame = sys._getframe(2)
        passing = ("os.py", "_collections_abc.py", "<frozen os>", "<frozen _collections_abc>")
        while frame and os.path.basename(frame.f_code.co_filename) in passing:
            frame = frame.f_back
        name = os.path.abspath(frame.f_code.co_filename) if frame else ""
        return name.startswith(LIBRARY + os.sep) and "-packages" not in name


    def inputs():
        """What the settings were made of, once they are loaded."""
        global is_noting
        is_noting = False
        modules = [getattr(m, "__file__", None) for m in list(sys.modules.values())]
        paths = {os.path.abspath(m) for m in modules if isinstance(m, str)} | opened
        paths = [p for p in paths if is_own(p) and p.find("__pycache__") < 0 and os.path.isfile(p)]
        names = [n for n in read if not any(s in n.upper() for s in SECRETS)]
        return {"files": sorted(os.path.relpath(p) for p in paths), "variables": sorted(names)}
    """#
}

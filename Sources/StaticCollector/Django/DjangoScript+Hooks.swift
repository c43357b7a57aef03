extension DjangoScript {
  /// Audit hooks that refuse to start the project again or to collect without a command.
  ///
  /// A hook stays active in a forked child. PEP 578; Python 3.8.
  static let hooks = #"""
    def add_hooks():
        if hasattr(sys, "addaudithook"):
            sys.addaudithook(refuse_start_over)
            sys.addaudithook(refuse_library)
            sys.addaudithook(refuse_storing)
        watch_multiprocessing()


    # The code of multiprocessing's children that load the module which has started them.
    LOADING = re.compile(r"multiprocessing\.(spawn|forkserver)\b")


    def watch_multiprocessing():
        """Handles children of multiprocessing, which it starts without an audit event.

        A child that is started before Django is asked may run a command.
        """
        try:
            import _posixsubprocess
        except ImportError:
            return
        start = _posixsubprocess.fork_exec

        def fork_exec(words, *arguments):
            if any(LOADING.search(os.fsdecode(word)) for word in words):
                if not is_asked:
                    refuse_program(os.fsdecode(words[0]))
                note_process()
            return start(words, *arguments)

        _posixsubprocess.fork_exec = fork_exec


    def started_program(event, arguments):
        """The words and directory of the command that an event starts; None for others."""
        if event == "os.system":
            words = arguments[0]
        elif event in ("os.exec", "os.posix_spawn", "subprocess.Popen"):
            words = arguments[1]
        else:
            return None
        words = list(words) if isinstance(words, (list, tuple)) else [words]
        # The executed program may differ from argv[0].
        if event != "os.system" and arguments[0] is not None:
            words.insert(0, arguments[0])
        directory = arguments[2] if event == "subprocess.Popen" else None
        words = [str(w) if isinstance(w, int) else os.fsdecode(w) for w in words]
        return words, os.fsdecode(directory or ".")


    def refuse_start_over(event, arguments):
        """Refuses to start manage.py again, where Django's functions are not replaced."""
        started = started_program(event, arguments)
        if started is None:
            return
        words, directory = started
        replaces = event == "os.exec" and os.getpid() == process
        if replaces or starts_over(words, directory):
            refuse_program(words[0])


    # Functions of the C library that start a program.
    STARTING = re.compile(r"(?:f?exec(?:l|le|lp|v|ve|vp|vpe|veat)|system|popen|posix_spawnp?)$")


    def refuse_library(event, arguments):
        """Refuses to look up a function that starts a program: ctypes calls it without an event.

        A fork is not refused: the hooks stay active in its child.
        """
        if event not in ("ctypes.dlsym", "ctypes.dlsym/handle"):
            return
        for name in arguments:
            if isinstance(name, (str, bytes)) and STARTING.match(os.fsdecode(name)):
                reason = "it looks up %s with ctypes, and may start a program in its place, "
                reason += "where it cannot be asked; start programs with subprocess"
                fail(Refused(reason % os.fsdecode(name)))


    def refuse_program(name):
        reason = "its manage.py starts %s in its place, where it cannot be asked" % name
        advice = "name its Python with --python, or set the environment so that it need not"
        fail(Refused("%s; %s" % (reason, advice)))


    def starts_over(words, directory):
        """Whether a command line names manage.py, as a file or a module, or collectstatic."""
        # A word may be a shell command or Python code.
        words = [w for word in words for w in [word] + re.split(r"[\s;&|()<>'\"`=,]+", word)]
        script = os.path.realpath(os.path.join(beginning, "manage.py"))
        for before, word in zip([""] + words, words):
            # A name that only begins with the command's, such as a directory's, does not count.
            names_command = "collectstatic" in os.path.basename(word).lstrip("-").split(".")
            loads_script = word == "manage" and before in ("-m", "from", "import")
            if COMMAND in word or names_command or loads_script:
                return True
            if os.path.realpath(os.path.join(directory, word)) == script:
                return True
        return False


    beginning = os.getcwd()


    def is_writing(flags):
        return isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)


    def refuse_storing(event, arguments):
        """Answers before the storage of static files writes; refuses it during set-up."""
        if event == "open":
            # An integer path is an open file descriptor.
            if isinstance(arguments[0], int) or not is_writing(arguments[2]):
                return
            if arguments[0] == answer_path:
                return
        elif event not in ("os.mkdir", "os.remove", "os.rename", "os.rmdir"):
            return
        library = sys.modules.get("django.contrib.staticfiles.storage")
        kind = getattr(library, "StaticFilesStorage", None)
        frame = sys._getframe(1)
        while kind is not None and frame:
            is_storage = frame.f_globals.get("__name__", "").startswith("django.core.files.storage")
            if is_storage and isinstance(frame.f_locals.get("self"), kind):
                execute()
                path = os.fsdecode(arguments[0])
                fail(Refused("it writes %r to its static files while it is set up" % path))
            frame = frame.f_back
    """#
}

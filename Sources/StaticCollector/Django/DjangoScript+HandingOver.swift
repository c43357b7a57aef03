extension DjangoScript {
  /// Defines `hand_over`, which a process that has loaded the project calls.
  ///
  /// `wanted` is the request. `started_as` has the environment and the directory of `manage.py` (or
  /// None) with which the process was started, because `manage.py` may have changed variables
  /// since.
  static let handingOver = #"""
    def hand_over():
        """The answer to the request; our own command is running, so it is not checked."""
        from django.conf import settings

        # The command passes the storage's root, which the answer contains anyway.
        wanted["root"] = ""
        try:
            if wanted["serving"] or wanted["find"]:
                return describe_loaded(settings, None, lambda: None)
            noting = NotingChild()
            found = describe_loaded(settings, None, refuse_changed_command)
            # The process has already run the checks and printed their messages.
            found.pop("warnings", None)
            found["madeOf"] = noting.inputs()
            return found
        except Exception as error:
            return failure(error)


    class NotingChild:
        """A forked child that loads the settings again, to record their inputs.

        Django is loaded already, so only the settings take time. Apps are not set up again. If the
        child fails, nothing is recorded, and a server asks the project.
        """

        SECONDS = 10

        def __init__(self):
            self.child = None
            if started_as["directory"] is None or has_own_set_up() or not can_fork():
                return
            self.reader, writer = os.pipe()
            sys.stdout.flush()
            sys.stderr.flush()
            self.child = os.fork()
            if self.child == 0:
                try:
                    self.note(writer)
                finally:
                    os._exit(1)
            os.close(writer)

        def inputs(self):
            import select
            import time

            nothing = {}
            if self.child is None:
                return nothing
            text, end = b"", time.monotonic() + self.SECONDS
            while select.select([self.reader], [], [], max(0, end - time.monotonic()))[0]:
                piece = os.read(self.reader, 65536)
                text += piece
                if not piece:
                    break
            else:
                os.kill(self.child, signal.SIGKILL)
            os.close(self.reader)
            status = os.waitpid(self.child, 0)[1]
            return json.loads(text) if status == 0 else nothing

        def note(self, writer):
            from django.conf import settings

            global execute, fail, process
            for descriptor in range(3):
                os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, signal.SIG_DFL)
            process = os.getpid()
            os.chdir(started_as["directory"])
            os.environ.clear()
            os.environ.update(started_as["environment"])
            root = where(settings)[0]
            # Kept, because freeing the modules may close connections of the parent.
            kept = forget_modules()
            # The modules of apps were loaded before, and are inputs too.
            opened.update(os.path.abspath(module.__file__) for module in kept)

            def execute(*arguments, **options):
                settings.INSTALLED_APPS
                public_root(settings)
                with os.fdopen(writer, "w") as pipe:
                    json.dump(inputs(root), pipe)
                os._exit(0)

            def fail(error):
                os._exit(1)

            set_arguments()
            close_ways_in()
            add_hooks()
            note_inputs()
            runpy.run_path("manage.py", run_name="__main__")
            execute(kept)


    def can_fork():
        """Whether the process has no other threads (even in C) and no database connections."""
        from django.db import connections

        opened = [c for c in connections.all() if getattr(c, "connection", None) is not None]
        return len(os.listdir("/proc/self/task")) == 1 and not opened


    def has_own_set_up():
        """Whether an app of the project defines ready(), whose inputs are not recorded."""
        from django.apps import apps

        for config in apps.get_app_configs():
            owner = next(c for c in type(config).__mro__ if "ready" in vars(c))
            if is_input(os.path.abspath(getattr(sys.modules[owner.__module__], "__file__", "<")), None):
                return True
        return False


    def forget_modules():
        """Makes Python load the project, and libraries that read the environment, again."""
        from django.conf import settings
        from django.utils.functional import empty

        kept = []
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            package = name.split(".")[0]
            if not isinstance(path, str) or package in ("django", "staticd", "__main__"):
                continue
            path = os.path.abspath(path)
            is_library = path.startswith(LIBRARY + os.sep) and "-packages" not in path
            if not is_library and path.endswith(".py"):
                kept.append(sys.modules.pop(name))
        settings._wrapped = empty
        return kept
    """#
}

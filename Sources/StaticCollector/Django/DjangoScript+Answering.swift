extension DjangoScript {
  /// Imports, and the functions that write an answer or a failure.
  static let answering = #"""
    import builtins
    import json
    import os
    import re
    import runpy
    import signal
    import sys
    import traceback

    # No project has a command of this name: Django fails with "Unknown command" if it is run.
    COMMAND = "staticd-question"


    class Refused(Exception):
        """A project that is valid, but cannot be collected as its own collectstatic would."""


    # The descriptor for the answer, which file it is, and the path of that.
    ANSWER = 3
    answer_file = None
    answer_path = None


    def note_answer(path):
        global answer_file, answer_path
        answer_file, answer_path = os.fstat(ANSWER), path


    def open_answer():
        try:
            if os.path.samestat(os.fstat(ANSWER), answer_file):
                return os.fdopen(ANSWER, "w")
        except OSError:
            pass
        # The project has closed the descriptor, and may have a file of its own there.
        return open(answer_path, "w")


    def answer(value):
        text = json.dumps(value)
        with open_answer() as pipe:
            pipe.write(text)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                # The project has closed it, or put nothing in its place.
                pass
        if os.getpid() != process:
            # This is a child of manage.py; its parent must not answer too.
            os.kill(process, signal.SIGKILL)
        # Skips the project's exit handlers, and does not wait for its threads.
        os._exit(0)


    def fail(error):
        answer(failure(error))


    def failure(error):
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if is_own(f.filename)]
        place = "%s:%s" % (own[-1].filename, own[-1].lineno) if own else ""
        if isinstance(error, SyntaxError) and error.filename:
            place = "%s:%s" % (error.filename, error.lineno)
        kind = "" if isinstance(error, Refused) else type(error).__name__
        text = " ".join(str(getattr(error, "msg", None) or error).split())
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        if isinstance(error, ModuleNotFoundError) and error.name == "django":
            kind = "NoDjango"
        return {"error": {"kind": kind, "text": text, "place": place, "trace": "".join(lines)}}


    def is_own(path):
        inside = os.path.abspath(path).startswith(os.getcwd() + os.sep)
        return inside and not any(p in path for p in ("site-packages", "dist-packages", "<"))
    """#
}

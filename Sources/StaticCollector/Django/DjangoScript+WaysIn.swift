extension DjangoScript {
  /// What takes the place of the functions that start a command, and refuses what starts over.
  static let waysIn = #"""
    is_asked = False
    process = os.getpid()


    def execute(*arguments, **options):
        """What manage.py calls instead of Django's functions that start a command."""
        global is_asked
        if is_asked:
            # A command that the project starts while it is set up.
            return None
        is_asked = True
        try:
            answer(describe())
        except BaseException as error:
            fail(error)


    def close_ways_in():
        """Replaces each function of Django that starts a command."""
        from django.core import management
        from django.core.management import base

        management.execute_from_command_line = execute
        management.call_command = execute
        management.ManagementUtility.execute = execute
        base.BaseCommand.run_from_argv = execute
        base.BaseCommand.execute = execute


    def refuse_start_over(event, arguments):
        """An audit hook: manage.py must not start again, where nothing takes Django's place."""
        if event == "os.exec":
            words = [os.fsdecode(arguments[0])] + [os.fsdecode(w) for w in arguments[1]]
        elif event in ("subprocess.Popen", "os.posix_spawn"):
            words = arguments[1] if isinstance(arguments[1], (list, tuple)) else [arguments[1]]
            words = [os.fsdecode(w) for w in words]
        elif event == "os.system":
            words = [os.fsdecode(arguments[0])]
        else:
            return
        replaces = event == "os.exec" and os.getpid() == process
        if replaces or any(COMMAND in w for w in words):
            reason = "its manage.py starts %s in its place, where it cannot be asked" % words[0]
            advice = "name its Python with --python, or set the environment so that it need not"
            fail(Refused("%s; %s" % (reason, advice)))
    """#
}

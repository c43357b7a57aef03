extension DjangoScript {
  /// Replaces the functions that start a command.
  static let waysIn = #"""
    is_asked = False
    process = os.getpid()


    def set_arguments():
        """Gives manage.py a command that does not exist, and the word only where it collects."""
        sys.argv = ["manage.py", COMMAND] + ["collectstatic"] * wanted["collects"]
        if wanted["settings"]:
            os.environ["DJANGO_SETTINGS_MODULE"] = wanted["settings"]
            sys.argv.append("--settings=" + wanted["settings"])


    def execute(*arguments, **options):
        """Replaces Django's functions that start a command."""
        global is_asked
        if is_asked:
            # The project starts a command during its set-up.
            return None
        is_asked = True
        try:
            answer(describe())
        except BaseException as error:
            fail(error)


    # Methods that do the work of a command, and further ones of collectstatic.
    ENTRIES = ("run_from_argv", "execute", "handle")
    COLLECTING = ("set_options", "collect", "clear_dir", "copy_file", "delete_file", "link_file")
    COLLECTSTATIC = "django.contrib.staticfiles.management.commands.collectstatic"
    # The replacements, with the functions that they replace.
    closed = {}


    def close_ways_in():
        """Replaces Django's functions that start a command, and methods that do its work."""
        from django.core import management
        from django.core.management import base

        management.execute_from_command_line = execute
        management.call_command = execute
        management.ManagementUtility.execute = execute
        command = base.BaseCommand

        def close_new_command(kind, **options):
            super(command, kind).__init_subclass__(**options)
            close_command(kind)

        close_command(command)
        command.__init_subclass__ = classmethod(close_new_command)


    def close_command(kind):
        """Replaces the methods of a command class and of its subclasses."""
        collects = any(base.__module__ == COLLECTSTATIC for base in kind.__mro__)
        for name in ENTRIES + (COLLECTING if collects else ()):
            function = vars(kind).get(name)
            if callable(function) and function not in closed:
                setattr(kind, name, closing(function))
        for derived in kind.__subclasses__():
            close_command(derived)


    def closing(function):
        def closed_method(*arguments, **options):
            return execute(*arguments, **options)

        closed[closed_method] = function
        return closed_method
    """#
}

extension DjangoScript {
  /// Checks that the `collectstatic` of a project is Django's.
  static let command = #"""
    def refuse_own_command():
        """Refuses a project whose `collectstatic` is not Django's."""
        from django.core import management

        refuse_changed_command()
        application = management.get_commands().get("collectstatic")
        if isinstance(application, str):
            command = management.load_command_class(application, "collectstatic")
        else:
            command = application
        # The command of the app "staticd" runs this program.
        own = [c for c in type(command).__mro__ if not is_known(c.__module__)]
        own = [c for c in own if c.__module__.split(".")[0] not in ("builtins", "staticd")]
        if any(set(vars(c)) - HARMLESS for c in own):
            name = "%s.%s" % (own[0].__module__, own[0].__qualname__)
            raise Refused("its collectstatic command %s is not Django's; run that one" % name)


    def refuse_changed_command():
        """Refuses a project that changes Django's `collectstatic`."""
        changed = changed_methods(collectstatic().Command)
        if changed:
            names = ", ".join(changed)
            raise Refused("it changes %s of Django's collectstatic command; run that one" % names)


    def collectstatic():
        """The module of Django's command."""
        import importlib

        return importlib.import_module(COLLECTSTATIC)


    # Class attributes that do not change what the methods do.
    HARMLESS = {
        "__doc__", "__module__", "help", "__firstlineno__", "__static_attributes__", "__annotations__",
    }
    """#
}

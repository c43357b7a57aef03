extension DjangoScript {
  /// Describes the sources of a project.
  static let describing = #"""
    def find(names):
        """The files that the finders return for each name, as in findstatic."""
        import inspect
        from django.contrib.staticfiles import finders

        # Django 5.2 renamed the parameter.
        every = "find_all" if "find_all" in inspect.signature(finders.find).parameters else "all"
        found = [[name, finders.find(name, **{every: True})] for name in names]
        return [[n, [os.path.realpath(p) for p in paths]] for n, paths in found if paths]


    def describe():
        import django
        from django.conf import ENVIRONMENT_VARIABLE, settings

        if wanted["settings"]:
            os.environ[ENVIRONMENT_VARIABLE] = wanted["settings"]
        if not settings.configured and not os.environ.get(ENVIRONMENT_VARIABLE):
            raise Refused("nothing names its settings; set %s or give --settings" % ENVIRONMENT_VARIABLE)
        django.setup()
        # What they read and look for belongs to what the settings are made of.
        public_root(settings), security_middleware(settings)
        return describe_loaded(settings, inputs(where(settings)[0]), refuse_own_command)


    def describe_loaded(settings, made_of, refuse):
        """The description of a loaded project; `refuse` raises if it cannot be collected."""
        import django
        from django.conf import ENVIRONMENT_VARIABLE

        if wanted["serving"]:
            return describe_serving(settings)
        from django.apps import apps
        from django.core import checks

        if not apps.is_installed("django.contrib.staticfiles"):
            raise Refused("'django.contrib.staticfiles' is not in INSTALLED_APPS; add it")
        if wanted["find"]:
            return {"found": find(wanted["find"])}
        # The serving options depend on the project's own root, so they are read first.
        served = describe_serving(settings, lists_sources=False)
        if wanted["root"]:
            settings.STATIC_ROOT = wanted["root"]
        refuse()
        messages = [m for m in checks.run_checks(tags=["staticfiles"]) if not m.is_silenced()]
        errors = [about(m) for m in messages if m.is_serious()]
        if errors:
            return {"checks": errors}
        found = about_storage(settings)
        found["django"] = django.get_version()
        found["settings"] = os.environ.get(ENVIRONMENT_VARIABLE, "")
        # Django knows references by the setting, whatever URL the storage has.
        found["url"] = str(settings.STATIC_URL or where(settings)[2])
        found["warnings"] = [about(m) for m in messages]
        skipped = getattr(settings, "WHITENOISE_SKIP_COMPRESS_EXTENSIONS", None)
        if skipped is not None:
            found["skipCompress"] = [str(extension) for extension in skipped]
        patterns = list(wanted["ignore"])
        if wanted["defaultIgnore"]:
            patterns += apps.get_app_config("staticfiles").ignore_patterns
        found["ignore"] = patterns
        found["sources"] = list(
            sources([os.path.normpath(p) for p in patterns], collectstatic().get_finders)
        )
        found["madeOf"] = made_of
        found["data"] = data(settings)
        found["serving"] = served["serving"]
        found["servingWarnings"] = served["warnings"]
        return found


    def data(settings):
        """What the site writes: directories of uploads, and databases in a file."""
        paths = [settings.MEDIA_ROOT]
        for name, storage in getattr(settings, "STORAGES", {}).items():
            if name != "staticfiles":
                paths.append(storage.get("OPTIONS", {}).get("location"))
        for database in settings.DATABASES.values():
            if re.search("sqlite|spatialite", str(database.get("ENGINE", ""))):
                paths.append(database.get("NAME"))
        paths = [p for p in paths if isinstance(p, (str, bytes, os.PathLike)) and p]
        return [os.path.abspath(os.fsdecode(p)) for p in paths if os.path.exists(p)]


    def about(message):
        hint = " (%s)" % message.hint if message.hint else ""
        return " ".join(("%s: %s%s" % (message.id, message.msg, hint)).split())
    """#
}

/// The program that a project's own Python runs to tell what collectstatic would know.
///
/// It works inside `manage.py`, in the place of the command, so that whatever a project does there
/// (paths, environment files, the settings' name) is done. Its answer goes to descriptor 3 as JSON:
/// what a project prints is no part of it. Python 3.6 and Django 3.2 are the oldest that it knows.
enum DjangoScript {
  static let text = #"""
    import json
    import os
    import runpy
    import sys
    import traceback

    wanted = json.loads(sys.argv[1])


    class Refused(Exception):
        """A project that is well, and that staticd cannot do justice to."""


    def answer(value):
        with os.fdopen(3, "w") as pipe:
            json.dump(value, pipe)
        sys.stdout.flush()
        sys.stderr.flush()
        # Threads and exit handlers of the project have nothing to do with this.
        os._exit(0)


    def fail(error):
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if is_own(f.filename)]
        place = "%s:%s" % (own[-1].filename, own[-1].lineno) if own else ""
        if isinstance(error, SyntaxError) and error.filename:
            place = "%s:%s" % (error.filename, error.lineno)
        kind = "" if isinstance(error, Refused) else type(error).__name__
        text = " ".join(str(getattr(error, "msg", None) or error).split())
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        missing = getattr(error, "name", None) or ""
        if isinstance(error, ModuleNotFoundError) and missing.split(".")[0] == "django":
            kind = "NoDjango"
        answer({"error": {"kind": kind, "text": text, "place": place, "trace": "".join(lines)}})


    def is_own(path):
        inside = os.path.abspath(path).startswith(os.getcwd() + os.sep)
        return inside and not any(p in path for p in ("site-packages", "dist-packages", "<"))


    def execute(*arguments, **options):
        """What manage.py calls instead of Django's function of this place."""
        try:
            answer(describe())
        except BaseException as error:
            fail(error)


    def describe():
        import django
        from django.conf import ENVIRONMENT_VARIABLE, settings

        if wanted["settings"]:
            os.environ[ENVIRONMENT_VARIABLE] = wanted["settings"]
        if not settings.configured and not os.environ.get(ENVIRONMENT_VARIABLE):
            raise Refused("nothing names its settings; set %s or give --settings" % ENVIRONMENT_VARIABLE)
        django.setup()
        if wanted["serving"]:
            return describe_serving(settings)
        if wanted["root"]:
            settings.STATIC_ROOT = wanted["root"]
        from django.apps import apps
        from django.core import checks

        if not apps.is_installed("django.contrib.staticfiles"):
            raise Refused("'django.contrib.staticfiles' is not in INSTALLED_APPS; add it")
        messages = [m for m in checks.run_checks(tags=["staticfiles"]) if not m.is_silenced()]
        errors = [about(m) for m in messages if m.is_serious()]
        if errors:
            return {"checks": errors}
        found = about_storage(settings)
        found["django"] = django.get_version()
        found["settings"] = os.environ.get(ENVIRONMENT_VARIABLE, "")
        found["url"] = str(settings.STATIC_URL)
        found["warnings"] = [about(m) for m in messages]
        skipped = getattr(settings, "WHITENOISE_SKIP_COMPRESS_EXTENSIONS", None)
        if skipped is not None:
            found["skipCompress"] = [str(extension) for extension in skipped]
        patterns = list(wanted["ignore"])
        if wanted["defaultIgnore"]:
            patterns += apps.get_app_config("staticfiles").ignore_patterns
        found["ignore"] = patterns
        found["sources"] = list(sources([os.path.normpath(p) for p in patterns]))
        return found


    def describe_serving(settings):
        """What decides about requests: options of ours, each with the setting that it comes from."""
        import django
        from django.conf import ENVIRONMENT_VARIABLE

        options = []
        add = lambda option, setting, value: options.append([option, setting, str(value)])
        given = lambda name: getattr(settings, "WHITENOISE_" + name, None)
        if settings.STATIC_ROOT:
            add("root", "STATIC_ROOT", os.path.abspath(settings.STATIC_ROOT))
        prefix, setting = given("STATIC_PREFIX"), "WHITENOISE_STATIC_PREFIX"
        if prefix is None:
            prefix, setting = settings.STATIC_URL, "STATIC_URL"
            script = (settings.FORCE_SCRIPT_NAME or "").rstrip("/")
            if script and str(prefix).startswith(script + "/"):
                prefix = str(prefix)[len(script):]
        if prefix:
            add("url", setting, prefix)
        if given("ROOT"):
            add("public", "WHITENOISE_ROOT", os.path.abspath(given("ROOT")))
        if given("MAX_AGE") is not None:
            add("max-age", "WHITENOISE_MAX_AGE", given("MAX_AGE"))
        if given("ALLOW_ALL_ORIGINS") is not None and not given("ALLOW_ALL_ORIGINS"):
            add("no-cors", "WHITENOISE_ALLOW_ALL_ORIGINS", "")
        if given("INDEX_FILE"):
            name = "index.html" if given("INDEX_FILE") is True else given("INDEX_FILE")
            add("index", "WHITENOISE_INDEX_FILE", name)
        for name, kind in (given("MIMETYPES") or {}).items():
            add("media-type", "WHITENOISE_MIMETYPES", "%s=%s" % (name[name.startswith("."):], kind))
        refreshes = wanted["refresh"] or given("AUTOREFRESH")
        if given("AUTOREFRESH"):
            add("autorefresh", "WHITENOISE_AUTOREFRESH", "")
        for source in sources([]) if refreshes else []:
            if "directory" in source:
                prefix = source["prefix"] + "=" if source["prefix"] else ""
                add("source", "STATICFILES_DIRS", prefix + source["directory"])
        warnings = ["WHITENOISE_%s: %s" % (n, t) for n, t in UNKNOWN_WHEN_SERVING if given(n)]
        if given("CHARSET") not in (None, "utf-8", "utf8", "UTF-8"):
            warnings.append("WHITENOISE_CHARSET: texts are served as UTF-8; name others with --media-type")
        return {
            "django": django.get_version(),
            "settings": os.environ.get(ENVIRONMENT_VARIABLE, ""),
            "serving": options,
            "warnings": warnings,
        }


    UNKNOWN_WHEN_SERVING = [
        ("ADD_HEADERS_FUNCTION", "a function of Python is not called; say it with --header"),
        ("IMMUTABLE_FILE_TEST", "is not asked; say it with --immutable"),
    ]


    def about(message):
        hint = " (%s)" % message.hint if message.hint else ""
        return " ".join(("%s: %s%s" % (message.id, message.msg, hint)).split())


    # What decides about names and bytes of collected files: where a class of the project has one of
    # these, nobody but that class can tell what it makes.
    DECIDING = [
        "_js_module_import_aggregation_patterns", "_post_process", "_save", "_stored_name", "_url",
        "clean_name", "compress_files", "create_compressor", "default_template", "delete_files",
        "file_hash", "get_alternative_name", "get_available_name", "hash_key", "hashed_name",
        "manifest_hash", "path", "patterns", "post_process", "post_process_with_compression", "save",
        "save_manifest", "url_converter",
    ]


    def about_storage(settings):
        from django.contrib.staticfiles import storage as library
        from django.core.exceptions import ImproperlyConfigured
        from django.core.files.storage import FileSystemStorage

        no_root = Refused("STATIC_ROOT is not set; set it in the settings, or give --root")
        try:
            library.staticfiles_storage.base_url
        except ImproperlyConfigured:
            raise no_root if settings.STATIC_URL and not settings.STATIC_ROOT else sys.exc_info()[1]
        storage = library.staticfiles_storage._wrapped
        kind = type(storage)
        name = "%s.%s" % (kind.__module__, kind.__qualname__)
        refused = lambda reason: Refused("its staticfiles storage %s %s" % (name, reason))
        if not isinstance(storage, FileSystemStorage):
            raise refused("keeps no files in a directory, and staticd collects into one")
        changed = [d for d in DECIDING if not is_known(owner(kind, d))]
        if changed:
            raise refused("changes %s, which staticd cannot do" % ", ".join(changed))
        hashes = isinstance(storage, library.ManifestFilesMixin)
        if isinstance(storage, library.HashedFilesMixin) and not hashes:
            raise refused("hashes names and keeps no manifest; use ManifestStaticFilesStorage")
        if hashes and storage.manifest_name != "staticfiles.json":
            raise refused("calls its manifest %r, and staticd always staticfiles.json" % storage.manifest_name)
        if hashes and getattr(storage, "manifest_storage", storage) is not storage:
            raise refused("keeps its manifest elsewhere, and staticd always in STATIC_ROOT")
        if hashes and storage.keep_intermediate_files:
            raise refused("wants intermediate files kept, and staticd writes none")
        if not storage.location:
            raise no_root
        return {
            "root": os.path.abspath(storage.location),
            "storage": name,
            "hashes": int(hashes),
            "modules": int(bool(getattr(storage, "support_js_module_import_aggregation", False))),
            "fileMode": mode(storage.file_permissions_mode),
            "directoryMode": mode(storage.directory_permissions_mode),
            "keepOnlyHashed": int(hashes and bool(getattr(storage, "keep_only_hashed_files", False))),
        }


    def owner(kind, name):
        return next((c.__module__ for c in kind.__mro__ if name in vars(c)), "django")


    def is_known(module):
        return module.split(".")[0] == "django" or module == "whitenoise.storage"


    def mode(value):
        return -1 if value is None else value


    def sources(patterns):
        """For each finder in order its directories, or its files where only itself can list them."""
        from django.contrib.staticfiles import finders
        from django.core.files.storage import FileSystemStorage

        for finder in finders.get_finders():
            plain = all(type(s) is FileSystemStorage for s in getattr(finder, "storages", {}).values())
            lists = type(finder).list
            if plain and lists is finders.FileSystemFinder.list:
                for prefix, root in finder.locations:
                    if os.path.isdir(root):
                        yield {"directory": os.path.abspath(root), "prefix": prefix or ""}
            elif plain and lists is finders.AppDirectoriesFinder.list:
                for storage in finder.storages.values():
                    if os.path.isdir(storage.location):
                        prefix = getattr(storage, "prefix", None)
                        yield {"directory": storage.location, "prefix": prefix or ""}
            else:
                yield {"files": [about_file(finder, *found) for found in finder.list(patterns)]}


    def about_file(finder, path, storage):
        prefix = getattr(storage, "prefix", None)
        try:
            return [os.path.join(prefix, path) if prefix else path, os.path.abspath(storage.path(path))]
        except NotImplementedError:
            name = "%s.%s" % (type(finder).__module__, type(finder).__qualname__)
            raise Refused("its finder %s lists %r, which is no file of this machine" % (name, path))


    try:
        sys.path.insert(0, os.getcwd())
        sys.argv = ["manage.py", "collectstatic"]
        if wanted["settings"]:
            os.environ["DJANGO_SETTINGS_MODULE"] = wanted["settings"]
            sys.argv.append("--settings=" + wanted["settings"])
        from django.core import management

        management.execute_from_command_line = execute
        if os.path.exists("manage.py"):
            runpy.run_path("manage.py", run_name="__main__")
        execute()
    except BaseException as error:
        fail(error)
    """#
}

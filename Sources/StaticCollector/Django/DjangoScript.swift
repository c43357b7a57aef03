/// The program that a project's own Python runs to tell what collectstatic would know.
///
/// It runs `manage.py` with a command that does not exist, and takes the place of every way in which
/// `manage.py` can start a command. So what a project does there (paths, environment files, the name of
/// the settings) is done, and no command of the project runs. The word `collectstatic` stands among the
/// arguments, for settings that look for it. The answer goes to descriptor 3 as JSON: what a project
/// prints is not part of it. Python 3.6 and Django 3.2 are the oldest versions that it supports.
enum DjangoScript {
  static let text = #"""
    import json
    import os
    import runpy
    import sys
    import traceback

    wanted = json.loads(sys.argv[1])


    # No project has a command of this name: what starts again with it ends with Django's "Unknown command".
    COMMAND = "staticd-question"


    class Refused(Exception):
        """A project that is valid, but cannot be collected as its own collectstatic would."""


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


    def find(names):
        """For each name the files that the finders have, as findstatic lists them."""
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
        if wanted["serving"]:
            return describe_serving(settings)
        from django.apps import apps
        from django.core import checks

        if not apps.is_installed("django.contrib.staticfiles"):
            raise Refused("'django.contrib.staticfiles' is not in INSTALLED_APPS; add it")
        if wanted["find"]:
            return {"found": find(wanted["find"])}
        if wanted["root"]:
            settings.STATIC_ROOT = wanted["root"]
        refuse_own_command()
        messages = [m for m in checks.run_checks(tags=["staticfiles"]) if not m.is_silenced()]
        errors = [about(m) for m in messages if m.is_serious()]
        if errors:
            return {"checks": errors}
        found = about_storage(settings)
        found["django"] = django.get_version()
        found["settings"] = os.environ.get(ENVIRONMENT_VARIABLE, "")
        found["url"] = str(where(settings)[2])
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
        root, root_setting, url, url_setting = where(settings)
        if root:
            add("root", root_setting, os.path.abspath(root))
        prefix, setting = given("STATIC_PREFIX"), "WHITENOISE_STATIC_PREFIX"
        if prefix is None:
            prefix, setting = url, url_setting
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


    def where(settings):
        """The root and the URL, each with its setting: OPTIONS of the storage win."""
        storages = getattr(settings, "STORAGES", None) or {}
        options = (storages.get("staticfiles") or {}).get("OPTIONS") or {}
        if options and not keeps_files(storages["staticfiles"].get("BACKEND")):
            options = {}
        name = "STORAGES['staticfiles']['OPTIONS']['%s']"
        root, root_setting = options.get("location"), name % "location"
        if not root:
            root, root_setting = settings.STATIC_ROOT, "STATIC_ROOT"
        url, url_setting = options.get("base_url"), name % "base_url"
        if not url:
            url, url_setting = settings.STATIC_URL, "STATIC_URL"
        return root, root_setting, url, url_setting


    def keeps_files(backend):
        from django.core.files.storage import FileSystemStorage
        from django.utils.module_loading import import_string

        try:
            kind = import_string(backend)
        except ImportError:
            return False
        return isinstance(kind, type) and issubclass(kind, FileSystemStorage)


    UNKNOWN_WHEN_SERVING = [
        ("ADD_HEADERS_FUNCTION", "a function of Python is not called; say it with --header"),
        ("IMMUTABLE_FILE_TEST", "is not asked; say it with --immutable"),
    ]


    def about(message):
        hint = " (%s)" % message.hint if message.hint else ""
        return " ".join(("%s: %s%s" % (message.id, message.msg, hint)).split())


    # What decides about names and bytes of collected files: where a class, an instance or a patch of the
    # project changes one of these, only the storage itself can tell what it makes.
    DECIDING = [
        "_compute_manifest_hash", "_js_module_import_aggregation_patterns", "_open", "_post_process",
        "_save", "_stored_name", "_url", "clean_name", "compress_files", "create_compressor",
        "default_template", "delete_files", "file_hash", "get_alternative_name", "get_available_name",
        "get_comment_blocks", "get_ignored_blocks", "hash_key", "hashed_name", "is_in_comment",
        "is_in_ignored_block", "manifest_hash", "manifest_version", "open", "path", "patterns",
        "post_process", "post_process_with_compression", "save", "save_manifest", "stored_name",
        "url_converter",
    ]


    def about_storage(settings):
        from django.contrib.staticfiles import storage as library
        from django.core.exceptions import ImproperlyConfigured
        from django.core.files.storage import FileSystemStorage

        no_root = Refused("STATIC_ROOT is not set; set it in the settings, or give --root")
        try:
            kind = library.staticfiles_storage.__class__
        except ImproperlyConfigured:
            raise no_root if settings.STATIC_URL and not settings.STATIC_ROOT else sys.exc_info()[1]
        storage = library.staticfiles_storage._wrapped
        name = "%s.%s" % (kind.__module__, kind.__qualname__)
        refused = lambda reason: Refused("its staticfiles storage %s %s" % (name, reason))
        if not isinstance(storage, FileSystemStorage):
            raise refused("keeps no files in a directory, and staticd collects into one")
        try:
            library.staticfiles_storage.base_url
        except ImproperlyConfigured:
            raise no_root if settings.STATIC_URL and not settings.STATIC_ROOT else sys.exc_info()[1]
        changed = changes(storage, library)
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
        root = wanted["root"] or os.path.abspath(storage.location)
        return {
            "root": root,
            "storage": name,
            "hashes": int(hashes),
            "modules": int(bool(getattr(storage, "support_js_module_import_aggregation", False))),
            "fileMode": mode(storage.file_permissions_mode),
            "directoryMode": mode(storage.directory_permissions_mode),
            "keepOnlyHashed": int(hashes and bool(getattr(storage, "keep_only_hashed_files", False))),
        }


    def changes(storage, library):
        """The names in DECIDING that the project changes, wherever it does so."""
        kind = type(storage)
        changed = {d for d in DECIDING if not is_known(owner(kind, d))}
        for base in kind.__mro__:
            if is_known(base.__module__) and base.__module__ != "builtins":
                changed.update(patched(base))
        if not isinstance(storage, library.HashedFilesMixin):
            return sorted(changed)
        # What __init__ makes of the class: attributes of the instance, and the compiled patterns.
        plain = library.ManifestStaticFilesStorage
        attribute = "support_js_module_import_aggregation"
        plain = type("Plain", (plain,), {attribute: getattr(storage, attribute, False)})
        plain = plain(location=storage.location, base_url=storage.base_url)
        changed.update(d for d in DECIDING if d in vars(storage) and d not in vars(plain))
        if compiled(storage) != compiled(plain):
            changed.add("patterns")
        return sorted(changed)


    def compiled(storage):
        return {
            extension: [(pattern.pattern, pattern.flags, template) for pattern, template, *_ in patterns]
            for extension, patterns in storage._patterns.items()
        }


    def patched(kind):
        """The names in DECIDING of a library's class that are not as its module defines them."""
        try:
            original = vars(pristine(kind.__module__)[kind.__qualname__])
        except (KeyError, OSError, ImportError, SyntaxError):
            return
        for name in DECIDING:
            now, then = vars(kind).get(name), original.get(name)
            if code(now) != code(then):
                yield name


    def code(value):
        """What tells whether a function or a value is the same."""
        value = getattr(value, "__func__", value)
        if isinstance(value, property):
            return tuple(code(f) for f in (value.fget, value.fset, value.fdel))
        cached = getattr(value, "func", value) if type(value).__name__ == "cached_property" else value
        return getattr(cached, "__code__", cached)


    originals = {}


    def pristine(name):
        """The content of a module that is executed once more, so that no patch is in it."""
        if name not in originals:
            import importlib.util

            spec = importlib.util.spec_from_file_location(name, sys.modules[name].__file__)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            originals[name] = vars(module)
        return originals[name]


    def refuse_own_command():
        """Refuses a project whose `collectstatic` is more than Django's."""
        from django.core import management

        application = management.get_commands().get("collectstatic")
        if isinstance(application, str):
            command = management.load_command_class(application, "collectstatic")
        else:
            command = application
        # Our own app's command is this program.
        own = [c for c in type(command).__mro__ if not is_known(c.__module__)]
        own = [c for c in own if c.__module__.split(".")[0] not in ("builtins", "staticd")]
        if any(set(vars(c)) - HARMLESS for c in own):
            name = "%s.%s" % (own[0].__module__, own[0].__qualname__)
            raise Refused("its collectstatic command %s is not Django's; run that one" % name)


    # What a class may have without a change of what its methods do.
    HARMLESS = {
        "__doc__", "__module__", "help", "__firstlineno__", "__static_attributes__", "__annotations__",
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
        if not all(is_known(owner(type(storage), d)) for d in ("open", "_open")):
            name = "%s.%s" % (type(storage).__module__, type(storage).__qualname__)
            raise Refused("its storage %s makes the content of %r when it is opened" % (name, path))
        try:
            return [os.path.join(prefix, path) if prefix else path, os.path.abspath(storage.path(path))]
        except NotImplementedError:
            name = "%s.%s" % (type(finder).__module__, type(finder).__qualname__)
            raise Refused("its finder %s lists %r, which is no file of this machine" % (name, path))


    try:
        sys.path.insert(0, os.getcwd())
        sys.argv = ["manage.py", COMMAND, "collectstatic"]
        if wanted["settings"]:
            os.environ["DJANGO_SETTINGS_MODULE"] = wanted["settings"]
            sys.argv.append("--settings=" + wanted["settings"])
        close_ways_in()
        # Python 3.8.
        if hasattr(sys, "addaudithook"):
            sys.addaudithook(refuse_start_over)
        if os.path.exists("manage.py"):
            runpy.run_path("manage.py", run_name="__main__")
        execute()
    except BaseException as error:
        fail(error)
    """#
}

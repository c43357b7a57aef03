extension DjangoScript {
  /// Describes the settings that affect requests.
  static let serving = #"""
    # Of a setting that is not there; one that is None counts, as it does for WhiteNoise.
    UNSET = object()


    def describe_serving(settings, lists_sources=True):
        """The options of `staticd serve` that follow from settings, each with its setting."""
        import django
        from django.conf import ENVIRONMENT_VARIABLE

        options, warnings = [], []
        add = lambda option, setting, value: options.append([option, setting, str(value)])
        given = lambda name, default=None: getattr(settings, "WHITENOISE_" + name, default)
        root, root_setting, url, url_setting = where(settings)
        refreshes = given("AUTOREFRESH", settings.DEBUG)
        # In development the root need not exist.
        if root and (os.path.isdir(root) or not (refreshes or wanted["refresh"])):
            add("root", root_setting, os.path.abspath(root))
        describe_prefix(settings, given, url, url_setting, add)
        public = public_root(settings)
        if public and os.path.isdir(public):
            add("public", "WHITENOISE_ROOT", public)
        elif public:
            warnings.append("WHITENOISE_ROOT: there is no directory '%s'; make it" % public)
        if given("MAX_AGE", UNSET) is not UNSET:
            age = given("MAX_AGE")
            add("max-age", "WHITENOISE_MAX_AGE", "none" if age is None else age)
        elif settings.DEBUG and not refreshes:
            add("max-age", "DEBUG", 0)
        if not given("ALLOW_ALL_ORIGINS", True):
            add("no-cors", "WHITENOISE_ALLOW_ALL_ORIGINS", "")
        if given("INDEX_FILE"):
            name = "index.html" if given("INDEX_FILE") is True else given("INDEX_FILE")
            add("index", "WHITENOISE_INDEX_FILE", name)
        for name, kind in (given("MIMETYPES") or {}).items():
            add("media-type", "WHITENOISE_MIMETYPES", "%s=%s" % (name[name.startswith("."):], kind))
        if refreshes:
            setting = "WHITENOISE_AUTOREFRESH" if given("AUTOREFRESH") else "DEBUG"
            add("autorefresh", setting, "")
        if lists_sources and (refreshes or wanted["refresh"]) and given("USE_FINDERS", True):
            from django.contrib.staticfiles.finders import get_finders

            listed = list(sources([], get_finders))
        else:
            listed = []
        for source in listed:
            if "directory" in source:
                prefix = source["prefix"] + "=" if source["prefix"] else ""
                add("source", "STATICFILES_DIRS", prefix + source["directory"])
        if not (refreshes or wanted["refresh"]) and given("USE_FINDERS", settings.DEBUG):
            setting = "WHITENOISE_USE_FINDERS" if given("USE_FINDERS") else "DEBUG"
            reason = "only collected files are served; for others, add --autorefresh"
            warnings.append("%s: %s" % (setting, reason))
        warnings += ["WHITENOISE_%s: %s" % (n, t) for n, t in UNKNOWN_WHEN_SERVING if given(n)]
        kind = security_middleware(settings)
        if kind:
            warnings += describe_security(settings, kind, add)
        for name in middleware_above(settings, kind):
            reason = "what it adds to files is not sent; say it with --header"
            warnings.append("MIDDLEWARE: %s: %s" % (name, reason))
        if settings.SECURE_PROXY_SSL_HEADER:
            # Not an option; the server warns about it if it trusts no proxy.
            add("reads-scheme", "SECURE_PROXY_SSL_HEADER", "")
        if not is_utf8(given("CHARSET", "utf-8")):
            reason = "texts are served as UTF-8; name others with --media-type"
            warnings.append("WHITENOISE_CHARSET: " + reason)
        return {
            "django": django.get_version(),
            "settings": os.environ.get(ENVIRONMENT_VARIABLE, ""),
            "serving": options,
            "warnings": warnings,
        }


    def describe_prefix(settings, given, url, url_setting, add):
        """The URL path of the root, as WhiteNoise takes it."""
        from urllib.parse import urlparse

        if given("STATIC_PREFIX", UNSET) is not UNSET:
            prefix = str(given("STATIC_PREFIX") or "").strip("/")
            add("url", "WHITENOISE_STATIC_PREFIX", "/%s/" % prefix if prefix else "/")
        elif url:
            path = urlparse(str(url)).path or "/"
            script = (settings.FORCE_SCRIPT_NAME or "").rstrip("/")
            if script and path.startswith(script + "/"):
                path = path[len(script):]
            add("url", url_setting, path)


    def public_root(settings):
        """The path of WHITENOISE_ROOT, or None; whether it exists is recorded."""
        root = getattr(settings, "WHITENOISE_ROOT", None)
        if not root:
            return None
        note_path(probed, root)
        return os.path.abspath(root)


    def is_utf8(charset):
        import codecs

        try:
            return codecs.lookup(str(charset)).name == "utf-8"
        except LookupError:
            return False


    def where(settings):
        """The root and the URL with their settings; OPTIONS of the storage take precedence."""
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
    """#
}

extension DjangoScript {
  /// Describes the settings that affect requests.
  static let serving = #"""
    def describe_serving(settings, lists_sources=True):
        """The options of `staticd serve` that follow from settings, each with its setting."""
        import django
        from django.conf import ENVIRONMENT_VARIABLE

        options = []
        add = lambda option, setting, value: options.append([option, setting, str(value)])
        given = lambda name: getattr(settings, "WHITENOISE_" + name, None)
        root, root_setting, url, url_setting = where(settings)
        refreshes = given("AUTOREFRESH")
        if refreshes is None:
            refreshes = settings.DEBUG
        # In development the root need not exist.
        if root and (os.path.isdir(root) or not (refreshes or wanted["refresh"])):
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
        if refreshes:
            setting = "DEBUG" if given("AUTOREFRESH") is None else "WHITENOISE_AUTOREFRESH"
            add("autorefresh", setting, "")
        if lists_sources and (refreshes or wanted["refresh"]):
            from django.contrib.staticfiles.finders import get_finders

            listed = list(sources([], get_finders))
        else:
            listed = []
        for source in listed:
            if "directory" in source:
                prefix = source["prefix"] + "=" if source["prefix"] else ""
                add("source", "STATICFILES_DIRS", prefix + source["directory"])
        warnings = ["WHITENOISE_%s: %s" % (n, t) for n, t in UNKNOWN_WHEN_SERVING if given(n)]
        if "django.middleware.security.SecurityMiddleware" in (settings.MIDDLEWARE or []):
            warnings += describe_security(settings, add)
        if settings.SECURE_PROXY_SSL_HEADER:
            # Not an option; the server warns about it if it trusts no proxy.
            add("reads-scheme", "SECURE_PROXY_SSL_HEADER", "")
        if given("CHARSET") not in (None, "utf-8", "utf8", "UTF-8"):
            warnings.append("WHITENOISE_CHARSET: texts are served as UTF-8; name others with --media-type")
        return {
            "django": django.get_version(),
            "settings": os.environ.get(ENVIRONMENT_VARIABLE, ""),
            "serving": options,
            "warnings": warnings,
        }


    def describe_security(settings, add):
        """Adds what SecurityMiddleware does to files of WhiteNoise; returns warnings."""
        given = lambda name: getattr(settings, "SECURE_" + name, None)
        listed = lambda value: value.split(",") if isinstance(value, str) else value
        if given("CONTENT_TYPE_NOSNIFF"):
            add("header", "SECURE_CONTENT_TYPE_NOSNIFF", "*: X-Content-Type-Options: nosniff")
        if given("REFERRER_POLICY"):
            policy = ",".join(v.strip() for v in listed(given("REFERRER_POLICY")))
            add("header", "SECURE_REFERRER_POLICY", "*: Referrer-Policy: " + policy)
        if given("CROSS_ORIGIN_OPENER_POLICY"):
            policy = given("CROSS_ORIGIN_OPENER_POLICY")
            add("header", "SECURE_CROSS_ORIGIN_OPENER_POLICY", "*: Cross-Origin-Opener-Policy: " + policy)
        warnings = []
        if given("HSTS_SECONDS"):
            add("hsts", "SECURE_HSTS_SECONDS", given("HSTS_SECONDS"))
            if given("HSTS_INCLUDE_SUBDOMAINS"):
                add("hsts-subdomains", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "")
            if given("HSTS_PRELOAD"):
                if given("HSTS_SECONDS") >= 31536000 and given("HSTS_INCLUDE_SUBDOMAINS"):
                    add("hsts-preload", "SECURE_HSTS_PRELOAD", "")
                else:
                    reason = "is left out for files, as lists want a year and the subdomains"
                    warnings.append("SECURE_HSTS_PRELOAD: " + reason)
        if given("SSL_REDIRECT") and given("REDIRECT_EXEMPT"):
            reason = "files are not redirected to HTTPS, as its patterns are not read"
            warnings.append("SECURE_REDIRECT_EXEMPT: " + reason)
        elif given("SSL_REDIRECT"):
            add("https-redirect", "SECURE_SSL_REDIRECT", "")
            if given("SSL_HOST"):
                add("https-host", "SECURE_SSL_HOST", given("SSL_HOST"))
        return warnings


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

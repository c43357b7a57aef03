extension DjangoScript {
  /// What SecurityMiddleware does to files.
  static let security = #"""
    def security_middleware(settings):
        """SecurityMiddleware, or the project's class that is one, in MIDDLEWARE; None without."""
        from django.middleware.security import SecurityMiddleware

        for name in settings.MIDDLEWARE or []:
            kind = middleware_class(name)
            if kind and issubclass(kind, SecurityMiddleware):
                return kind
        return None


    def middleware_class(name):
        """The class of a middleware; None for a function, and for one that cannot be loaded."""
        from django.utils.module_loading import import_string

        # Django's others are not loaded, as they may need apps that are not ready.
        if name.startswith("django.") and name != "django.middleware.security.SecurityMiddleware":
            return None
        try:
            kind = import_string(name)
        except Exception:
            # The app says so when it starts.
            return None
        return kind if isinstance(kind, type) else None


    def middleware_above(settings, security):
        """The middleware above WhiteNoise's, whose fields its files have, except class `security`."""
        above = []
        for name in settings.MIDDLEWARE or []:
            kind = middleware_class(name)
            modules = [c.__module__ for c in kind.__mro__] if kind else [name]
            if any(m.startswith("whitenoise.") for m in modules):
                return above
            if kind is None or kind is not security:
                above.append(name)
        return []


    def describe_security(settings, kind, add):
        """What the middleware of class `kind` does to WhiteNoise's files; returns warnings."""
        given = lambda name: getattr(settings, "SECURE_" + name, None)
        if given("CONTENT_TYPE_NOSNIFF"):
            add("header", "SECURE_CONTENT_TYPE_NOSNIFF", "*: X-Content-Type-Options: nosniff")
        if given("REFERRER_POLICY"):
            policies = given("REFERRER_POLICY")
            if isinstance(policies, str):
                policies = [policy.strip() for policy in policies.split(",")]
            policy = ",".join(policies)
            add("header", "SECURE_REFERRER_POLICY", "*: Referrer-Policy: " + policy)
        if given("CROSS_ORIGIN_OPENER_POLICY"):
            policy = "*: Cross-Origin-Opener-Policy: %s" % given("CROSS_ORIGIN_OPENER_POLICY")
            add("header", "SECURE_CROSS_ORIGIN_OPENER_POLICY", policy)
        warnings = []
        own = [c for c in kind.__mro__ if not is_known(c.__module__) and c.__module__ != "builtins"]
        if any(set(vars(c)) - HARMLESS for c in own):
            name = "%s.%s" % (own[0].__module__, own[0].__qualname__)
            reason = "what it does beyond Django's is not done for files; say it with --header"
            warnings.append("MIDDLEWARE: %s: %s" % (name, reason))
        if given("HSTS_SECONDS"):
            add("hsts", "SECURE_HSTS_SECONDS", given("HSTS_SECONDS"))
            if given("HSTS_INCLUDE_SUBDOMAINS"):
                add("hsts-subdomains", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "")
            if given("HSTS_PRELOAD"):
                if is_a_year(given("HSTS_SECONDS")) and given("HSTS_INCLUDE_SUBDOMAINS"):
                    add("hsts-preload", "SECURE_HSTS_PRELOAD", "")
                else:
                    reason = "is left out for files, as lists want a year and the subdomains"
                    warnings.append("SECURE_HSTS_PRELOAD: " + reason)
        if given("SSL_REDIRECT"):
            exempt = {pattern: path_globs(pattern) for pattern in given("REDIRECT_EXEMPT") or []}
            wrong = [pattern for pattern, globs in exempt.items() if globs is None]
            if wrong:
                reason = "files are not redirected to HTTPS, as '%s' is not a path or the start of one; "
                reason += "give --https-redirect and --https-exempt"
                warnings.append("SECURE_REDIRECT_EXEMPT: " + reason % wrong[0])
            else:
                add("https-redirect", "SECURE_SSL_REDIRECT", "")
                for glob in sorted(set(sum(exempt.values(), []))):
                    add("https-exempt", "SECURE_REDIRECT_EXEMPT", glob)
                if given("SSL_HOST"):
                    add("https-host", "SECURE_SSL_HOST", given("SSL_HOST"))
        return warnings


    def path_globs(pattern):
        """The shell patterns of the paths in which a regular expression is found.

        As SecurityMiddleware does, the expression is searched in the path without its first slashes.
        None if shell patterns cannot express it.
        """
        try:
            from re import _parser as parser
        except ImportError:
            # Python 3.10 and older.
            import sre_parse as parser
        try:
            pattern = re.compile(pattern)
        except (TypeError, re.error):
            return None
        if not isinstance(pattern.pattern, str) or pattern.flags != re.UNICODE:
            return None
        texts = glob_texts(parser.parse(pattern.pattern))
        if texts is None or any("^" in t[1:] or "$" in t[:-1] for t in texts):
            return None
        globs = []
        for text in texts:
            start = "/" if text[:1] == ["^"] else "/*"
            end = "" if text[-1:] == ["$"] else "*"
            globs.append(start + "".join(part for part in text if part not in ("^", "$")) + end)
        return globs


    def glob_texts(tree):
        """The alternatives of a parsed expression, each a list of the parts of a shell pattern.

        "^" and "$" stand for the ends of the path. None if shell patterns cannot express it.
        """
        texts = [[]]
        for kind, value in tree:
            kind = str(kind)
            parts = None
            if kind == "LITERAL":
                character = chr(value)
                special = character in "*?[^$"
                parts = [["[%s]" % character if special else character]]
            elif kind == "ANY":
                parts = [["?"]]
            elif kind == "IN":
                members = glob_set(value)
                parts = members and [[members]]
            elif kind == "AT":
                anchors = {"AT_BEGINNING": "^", "AT_BEGINNING_STRING": "^", "AT_END": "$", "AT_END_STRING": "$"}
                parts = [[anchors[str(value)]]] if str(value) in anchors else None
            elif kind == "SUBPATTERN" and not value[1] and not value[2]:
                parts = glob_texts(value[3])
            elif kind == "BRANCH":
                branches = [glob_texts(branch) for branch in value[1]]
                parts = None if None in branches else sum(branches, [])
            elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
                least, most, repeated = value
                inner = glob_texts(repeated)
                if inner == [["?"]] and least < 9 and str(most) == "MAXREPEAT":
                    parts = [["?"] * least + ["*"]]
                elif inner is not None and (least, most) == (0, 1):
                    parts = [[]] + inner
            if parts is None or len(texts) * len(parts) > 64:
                return None
            texts = [text + part for text in texts for part in parts]
        return texts


    def glob_set(members):
        """The members of a parsed set as one of a shell pattern; None if that cannot express it."""
        text = ""
        for kind, value in members:
            ends = {"LITERAL": [value], "RANGE": value}.get(str(kind))
            if ends is None or any(chr(end) in "]!^-[" for end in ends):
                return None
            text += "-".join(chr(end) for end in ends)
        return "[%s]" % text


    def is_a_year(seconds):
        """Whether seconds, a number or its text from the environment, are a year at least."""
        try:
            return int(seconds) >= 31536000
        except (TypeError, ValueError):
            return False
    """#
}

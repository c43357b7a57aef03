extension DjangoScript {
  /// What SecurityMiddleware does to files.
  static let security = #"""
    def security_middleware(settings):
        """SecurityMiddleware, or the project's class that is one, in MIDDLEWARE; None without."""
        from django.middleware.security import SecurityMiddleware
        from django.utils.module_loading import import_string

        own = SecurityMiddleware.__module__ + "." + SecurityMiddleware.__qualname__
        for name in settings.MIDDLEWARE or []:
            if name == own:
                return SecurityMiddleware
            if name.startswith("django."):
                continue
            try:
                kind = import_string(name)
            except Exception:
                # The app says so when it starts.
                continue
            if isinstance(kind, type) and issubclass(kind, SecurityMiddleware):
                return kind
        return None


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
        if given("SSL_REDIRECT") and given("REDIRECT_EXEMPT"):
            reason = "files are not redirected to HTTPS, as its patterns are not read"
            warnings.append("SECURE_REDIRECT_EXEMPT: " + reason)
        elif given("SSL_REDIRECT"):
            add("https-redirect", "SECURE_SSL_REDIRECT", "")
            if given("SSL_HOST"):
                add("https-host", "SECURE_SSL_HOST", given("SSL_HOST"))
        return warnings


    def is_a_year(seconds):
        """Whether seconds, a number or its text from the environment, are a year at least."""
        try:
            return int(seconds) >= 31536000
        except (TypeError, ValueError):
            return False
    """#
}

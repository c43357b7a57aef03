import TestSupport
import Testing

/// A Django project's settings as options of a server of its files.
///
/// Goal: beside a `manage.py` no option needs repeating. Method: `explain`, which takes the options
/// of `serve`, prints the decision.
@Suite struct ServingSettingsTests {
  private func site(_ settings: String = "") throws -> DjangoSite {
    let site = try DjangoSite(settings: settings)
    site.directory.write("a {}\n", to: "root/a.css")
    site.directory.write("User-agent: *\n", to: "public/robots.txt")
    site.directory.write("<p>", to: "public/docs/index.html")
    return site
  }

  private func explain(_ site: DjangoSite, _ arguments: [String]) -> CommandResult {
    Command.run(
      [Command.staticd, "explain", "--python", site.python] + arguments,
      directory: site.directory.path
    )
  }

  private static let security =
    "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware']\n"

  @Test("without the middleware its settings are ignored")
  func noMiddleware() throws {
    let result = explain(try site("SECURE_CONTENT_TYPE_NOSNIFF = True"), ["/static/a.css"])
    #expect(!result.output.contains("nosniff"))
    let off = explain(
      try site(Self.security + "SECURE_CONTENT_TYPE_NOSNIFF = False"),
      ["/static/a.css"]
    )
    #expect(off.output.contains("Referrer-Policy") && !off.output.contains("nosniff"))
  }

  @Test(
    "security settings that cannot be applied are reported",
    arguments: [
      (
        "SECURE_SSL_REDIRECT = True\nSECURE_REDIRECT_EXEMPT = ['^x$', '^[a-z]+/$']",
        "SECURE_REDIRECT_EXEMPT: files are not redirected to HTTPS, as '^[a-z]+/$' is not a path"
      ),
      ("SECURE_HSTS_SECONDS = 60\nSECURE_HSTS_PRELOAD = True", "SECURE_HSTS_PRELOAD: "),
      (
        "MIDDLEWARE += ['a.Own', 'whitenoise.middleware.WhiteNoiseMiddleware', 'b.Own']",
        "MIDDLEWARE: a.Own: what it adds to files is not sent; say it with --header"
      ),
    ]
  )
  func securityWarnings(text: String, warning: String) throws {
    let result = explain(try site(Self.security + text), ["/static/a.css"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("staticd: warning: \(warning)"), "\(result.errors)")
  }

  @Test(
    "a project that takes the scheme from a proxy gets a warning that none is trusted",
    arguments: [
      ([], [:], true), (["--trust-proxy", "10.0.0.3/32"], [:], false),
      (["--trust-proxy", "none"], [:], false), ([], ["FLY_APP_NAME": "x"], false),
    ] as [([String], [String: String], Bool)]
  )
  func scheme(options: [String], environment: [String: String], isTold: Bool) throws {
    let site = try site("SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')")
    for command in [["explain", "/static/a.css"], ["check"]] {
      let result = Command.run(
        [Command.staticd] + command + ["--python", site.python] + options,
        directory: site.directory.path,
        environment: environment
      )
      let line = "warning: SECURE_PROXY_SSL_HEADER: no proxy is trusted"
      #expect(result.errors.contains(line) == isTold, "\(command): \(result.errors)")
    }
  }

  @Test(
    "settings as options",
    arguments: [
      ("", ["/static/a.css"], "Cache-Control: max-age=60, public"),
      ("STATIC_URL = 'https://cdn.example/x/'", ["/x/a.css"], "200"),
      ("FORCE_SCRIPT_NAME = '/app'", ["/static/a.css"], "200"),
      (
        "STATIC_URL = 'https://cdn.example/app/static/'\nFORCE_SCRIPT_NAME = '/app'",
        ["/static/a.css"], "200"
      ),
      ("WHITENOISE_STATIC_PREFIX = '/s/'", ["/s/a.css"], "200"),
      ("WHITENOISE_STATIC_PREFIX = 's'", ["/s/a.css"], "200"),
      ("WHITENOISE_STATIC_PREFIX = ''", ["/a.css"], "200"),
      ("WHITENOISE_MAX_AGE = 7", ["/static/a.css"], "Cache-Control: max-age=7, public"),
      ("WHITENOISE_MAX_AGE = 7", ["/static/a.css", "--max-age", "8"], "max-age=8, public"),
      ("WHITENOISE_ROOT = BASE / 'public'", ["/robots.txt"], "200"),
      (
        "WHITENOISE_ROOT = BASE / 'public'\nWHITENOISE_INDEX_FILE = True", ["/docs/"],
        "Content-Type: text/html"
      ),
      ("WHITENOISE_MIMETYPES = {'.css': 'text/x-a', 'b': 'x/y'}", ["/static/a.css"], "text/x-a"),
      ("WHITENOISE_AUTOREFRESH = True", ["/static/a.css"], "assets/a.css"),
      ("", ["/static/a.css", "--autorefresh"], "assets/a.css"),
      ("", ["/static/a.css", "--django", "."], "200"),
      ("DEBUG = True", ["/static/a.css"], "assets/a.css"),
      ("DEBUG = True\nSTATIC_ROOT = BASE / 'none'", ["/static/a.css"], "assets/a.css"),
      (
        "WHITENOISE_AUTOREFRESH = True\nWHITENOISE_USE_FINDERS = False", ["/static/a.css"],
        "root/a.css"
      ),
      ("STATIC_ROOT = None", ["/static/a.css", "--autorefresh"], "assets/a.css"),
      ("WHITENOISE_CHARSET = 'UTF8'", ["/static/a.css"], "charset=\"utf-8\""),
      // Directories accumulate.
      ("", ["/static/a.css", "--public", "public"], "200"),
      ("WHITENOISE_ROOT = BASE / 'public'", ["/m/robots.txt", "--public", "/m/=public"], "200"),
      ("WHITENOISE_ROOT = BASE / 'public'", ["/robots.txt", "--public", "/m/=public"], "200"),
      (Self.security, ["/static/a.css"], "X-Content-Type-Options: nosniff"),
      (Self.security, ["/static/a.css"], "Referrer-Policy: same-origin"),
      (Self.security, ["/static/a.css"], "Cross-Origin-Opener-Policy: same-origin"),
      (
        Self.security + "SECURE_REFERRER_POLICY = ['no-referrer', 'origin']", ["/static/a.css"],
        "Referrer-Policy: no-referrer,origin"
      ),
      (
        Self.security + "SECURE_REFERRER_POLICY = 'no-referrer , origin'", ["/static/a.css"],
        "Referrer-Policy: no-referrer,origin"
      ),
      (
        Self.security + "SECURE_REFERRER_POLICY = ('no-referrer ', 'origin')", ["/static/a.css"],
        "Referrer-Policy: no-referrer ,origin"
      ),
      // From the environment, the number is text.
      (
        Self.security + """
          SECURE_HSTS_SECONDS = '31536000'
          SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
          """,
        ["/static/a.css"], "200"
      ),
      (
        Self.security, ["/static/a.css", "--header", "*: Referrer-Policy: x"], "Referrer-Policy: x"
      ),
      (Self.security, ["/static/a.css", "--header", "*: A: b"], "X-Content-Type-Options: nosniff"),
    ]
  )
  func settings(text: String, arguments: [String], expected: String) throws {
    let result = explain(try site(text), arguments)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(expected), "\(result.output)")
    #expect(result.problemLines.count == 1)
    let asked = "staticd: asked the Django project (Django 5."
    #expect(result.problemLines.first?.hasPrefix(asked) == true)
  }

  @Test(
    "other sites may read, unless the settings forbid it",
    arguments: [("True", true), ("1", true), ("False", false), ("None", false), ("''", false)]
  )
  func origins(value: String, allows: Bool) throws {
    let result = explain(try site("WHITENOISE_ALLOW_ALL_ORIGINS = \(value)"), ["/static/a.css"])
    #expect(result.output.contains("Access-Control-Allow-Origin: *") == allows)
  }

  @Test(
    "names that are not hashed have no Cache-Control, if the settings say so",
    arguments: [
      ("WHITENOISE_MAX_AGE = None", [], false), ("", ["--max-age", "none"], false),
      ("WHITENOISE_MAX_AGE = None", ["--max-age", "5"], true),
      ("WHITENOISE_MAX_AGE = None", ["--max-age", "*.css=5"], true),
      ("WHITENOISE_MAX_AGE = 5", ["--max-age", "none"], false),
    ]
      as [(String, [String], Bool)]
  )
  func noMaxAge(text: String, options: [String], isSent: Bool) throws {
    let result = explain(try site(text), ["/static/a.css"] + options)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Cache-Control: max-age=5, public") == isSent)
    #expect(result.output.contains("Cache-Control") == isSent)
  }

  @Test(
    "a class of the project that is SecurityMiddleware counts as such",
    arguments: [
      ("Own", false), ("Changed", true), ("function", nil), ("Other", nil), ("gone", nil),
    ]
      as [(String, Bool?)]
  )
  func securityClasses(name: String, isChanged: Bool?) throws {
    let site = try site("MIDDLEWARE = ['security.\(name)']")
    site.directory.write(
      """
      from django.middleware.security import SecurityMiddleware
      class Own(SecurityMiddleware):
          "Django's."
      class Changed(SecurityMiddleware):
          def process_response(self, request, response): return response
      class Other: pass
      def function(get_response): return get_response
      """,
      to: "security.py"
    )
    let result = explain(site, ["/static/a.css"])
    #expect(result.status == 0, "\(result.errors)")
    let isSent = result.output.contains("X-Content-Type-Options: nosniff")
    #expect(isSent == (isChanged != nil), "\(result.output)")
    let line = "staticd: warning: MIDDLEWARE: security.\(name): "
    #expect(result.errors.contains(line) == (isChanged == true), "\(result.errors)")
  }

  @Test("a named root is served without asking the project")
  func named() throws {
    let result = explain(try site(), ["/static/a.css", "--root", "root"])
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
  }

  @Test(
    "settings that cannot be applied are reported",
    arguments: [
      ("WHITENOISE_ADD_HEADERS_FUNCTION = print", "WHITENOISE_ADD_HEADERS_FUNCTION", "--header"),
      ("WHITENOISE_IMMUTABLE_FILE_TEST = 'x'", "WHITENOISE_IMMUTABLE_FILE_TEST", "--immutable"),
      ("WHITENOISE_CHARSET = 'latin-1'", "WHITENOISE_CHARSET", "--media-type"),
      ("WHITENOISE_CHARSET = 'none'", "WHITENOISE_CHARSET", "--media-type"),
      ("WHITENOISE_USE_FINDERS = True", "WHITENOISE_USE_FINDERS", "--autorefresh"),
      ("DEBUG = True\nWHITENOISE_AUTOREFRESH = False", "DEBUG", "--autorefresh"),
      ("DEBUG = True\nWHITENOISE_AUTOREFRESH = None", "DEBUG", "--autorefresh"),
      // As WhiteNoise, which warns and goes on: git keeps no empty directory.
      ("WHITENOISE_ROOT = BASE / 'gone'", "WHITENOISE_ROOT", "make it"),
    ]
  )
  func warnings(text: String, setting: String, remedy: String) throws {
    let result = explain(try site(text), ["/static/a.css"])
    #expect(result.status == 0, "\(result.errors)")
    let warning = try #require(result.problemLines.first)
    #expect(warning.hasPrefix("staticd: warning: \(setting): "), "\(warning)")
    #expect(warning.contains(remedy))
    // Of files that are not followed, those of the root are served.
    #expect(result.output.contains("root/a.css"))
    let age = setting == "DEBUG" ? 0 : 60
    #expect(result.output.contains("Cache-Control: max-age=\(age), public"))
  }

  @Test(
    "an invalid setting is reported with its name",
    arguments: [
      ("WHITENOISE_MAX_AGE = 1.5", "staticd: WHITENOISE_MAX_AGE: --max-age '1.5'"),
      ("STATIC_ROOT = BASE / 'gone'", "'staticd collect'"),
      ("import nothing", "ModuleNotFoundError: No module named 'nothing'"),
    ]
  )
  func mistakes(text: String, message: String) throws {
    let result = explain(try site(text), ["/static/a.css"])
    #expect(result.status == 2)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}

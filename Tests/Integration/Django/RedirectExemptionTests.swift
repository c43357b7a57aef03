import TestSupport
import Testing

/// SECURE_REDIRECT_EXEMPT: the paths that are not redirected to HTTPS.
///
/// Method: Python searches the same expressions in the same paths as SecurityMiddleware does.
@Suite struct RedirectExemptionTests {
  private static let paths = [
    "/", "/healthz", "/healthz/", "/ahealthz", "/hooks", "/hooks/", "/hooks/a/b", "/a/hooks/",
    "/.well-known/x", "/xwell-known/x", "/a/x.txt", "/ab/x.txt", "/ac/x.txt", "/ad/x.txt",
    "/abc/x.txt", "/d/a.js", "/d/a.jsx", "/d/e/f.js", "/d.js", "/e*", "/ex", "/f%5Bg%5D", "/fg",
    "/static/a.css", "/static/b.css", "/%68ealthz", "/internal", "/x/internal/y", "/%C3%A9t%C3%A9",
  ]

  @Test(
    "the exempt paths are those of Django",
    arguments: [
      "^healthz$", "^healthz/?$", "^hooks/", "internal", #"^\.well-known/"#, "^a(b|c)?/x.txt$",
      #"^d/.*\.js$"#, #"^d/.+\.js\Z"#, #"\.css$"#, #"^e\*$"#, #"^f\[g\]$"#, "^static/a", "",
      "healthz$|^hooks", "^été$", "^a[b-d]/x", "^e[*x]$", "^(?:healthz|internal)$", "^e.$",
    ]
  )
  func paths(pattern: String) throws {
    let site = try DjangoSite(
      settings: """
        MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
        SECURE_SSL_REDIRECT = True
        SECURE_REDIRECT_EXEMPT = [r"\(pattern)", "^nothing$"]
        """
    )
    let collected = site.collect()
    #expect(collected.status == 0, "\(collected.errors)")
    let script = """
      import re, sys, urllib.parse
      for path in sys.argv[2:]:
          path = urllib.parse.unquote(path).lstrip("/")
          print(re.search(sys.argv[1], path) is not None)
      """
    let found = Command.run([site.python, "-c", script, pattern] + Self.paths)
    let exempt = found.output.split(separator: "\n").map { $0 == "True" }
    try #require(exempt.count == Self.paths.count, "\(found.errors)")
    let running = ServingRun(
      ["serve", "--listen", "127.0.0.1:0", "--trust-proxy", "private", "--python", site.python],
      directory: site.directory.path
    )
    let port = try #require(running.port(), "\(running.errors)")
    for (path, isExempt) in zip(Self.paths, exempt) {
      let answer = HTTPClient(port: port).get(path, "X-Forwarded-Proto: http")
      #expect(
        (answer?.status == 301) == !isExempt,
        "\(path): \(String(describing: answer?.status))"
      )
    }
    #expect(!running.errors.contains("SECURE_REDIRECT_EXEMPT"))
  }

  @Test(
    "other expressions are reported",
    arguments: ["^[a-z]+/$", "^[^a]$", "^[-a]$", "^\\d$", "(?i)^x$", "*.txt", "^x{2}$", "a^", "$b"]
  )
  func others(pattern: String) throws {
    let site = try DjangoSite(
      settings: """
        MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
        SECURE_SSL_REDIRECT = True
        SECURE_REDIRECT_EXEMPT = ["^healthz$", r"\(pattern)"]
        """
    )
    let result = Command.run(
      [Command.staticd, "explain", "/", "--trust-proxy", "private", "--python", site.python],
      directory: site.directory.path
    )
    let line =
      "staticd: warning: SECURE_REDIRECT_EXEMPT: files are not redirected to HTTPS, as '\(pattern)' "
      + "is not a path or the start of one; give --https-redirect and --https-exempt"
    #expect(result.errors.contains(line), "\(result.errors)")
  }

  @Test("--https-exempt takes paths", arguments: ["healthz", "", "http://x/"])
  func wrong(text: String) {
    let result = Command.staticd(
      "serve",
      "--public",
      ".",
      "--trust-proxy",
      "private",
      "--https-redirect",
      "--https-exempt",
      text
    )
    #expect(result.status == 2)
    #expect(
      result.errors.contains("give a path such as /healthz or '/hooks/*'"),
      "\(result.errors)"
    )
  }
}

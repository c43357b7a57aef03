import Foundation
import TestSupport
import Testing

/// Options mean the same on the command line, in the environment and in the file.
///
/// Goal: one file serves all commands, the command line can always override it, and an error names
/// the wrong place. Method: a row is a file, variables, a command line and the outcome.
@Suite struct OptionPlaceTests {
  private let directory = TemporaryDirectory()

  struct Row: Sendable, CustomTestStringConvertible {
    var file = ""
    var variables: [String: String] = [:]
    let line: String
    var status: Int32 = 0
    /// Standard error line by line, each a prefix.
    var errors: [String] = []
    /// A part of standard output.
    var output = ""

    var testDescription: String { "\(line) [\(file)] \(variables)" }
  }

  private func run(_ row: Row) -> CommandResult {
    directory.write("a {}\n", to: "assets/a.css")
    directory.write("a {}\n", to: "root/a.css")
    directory.write("old\n", to: "public/robots.txt")
    if row.line.hasPrefix("check") {
      let collect = [Command.staticd, "collect", "assets", "--root", "root", "--no-cache"]
      #expect(Command.run(collect, directory: directory.path).status == 0)
    }
    if !row.file.isEmpty { directory.write(row.file, to: "staticd.toml") }
    let words = row.line.split(separator: " ").map(String.init)
    return Command.run(
      [Command.staticd] + words,
      directory: directory.path,
      environment: row.variables
    )
  }

  private func expect(_ row: Row) {
    let result = run(row)
    #expect(result.status == row.status, "\(result.errors)")
    #expect(result.errorLines.count == row.errors.count, "\(result.errors)")
    for (line, expected) in zip(result.errorLines, row.errors) {
      #expect(line.hasPrefix("staticd: \(expected)"), "\(line)")
    }
    #expect(row.output.isEmpty || result.output.contains(row.output), "\(result.output)")
  }

  @Test(
    "an option on the command line overrides conflicting options of weaker places",
    arguments: [
      Row(
        file: "settings = 's'\npython = 'nowhere'\nroot = 'out'",
        line: "collect assets --no-cache"
      ),
      Row(variables: ["STATICD_PYTHON": "nowhere"], line: "collect assets --root out --no-cache"),
      Row(variables: ["STATICD_SETTINGS": "s"], line: "find a.css --source assets"),
      Row(variables: ["STATICD_PYTHON": "nowhere"], line: "check --root root"),
      Row(file: "settings = 's'\npython = 'nowhere'\nroot = 'root'", line: "check"),
      Row(file: "source = 'assets'\npython = 'no'\nroot = 'out'", line: "collect --no-cache"),
      Row(
        file: "source = 'assets'\nroot = 'out'",
        variables: ["STATICD_PYTHON": "nowhere"],
        line: "collect --no-cache"
      ),
      Row(file: "django = 'nowhere'", line: "explain /static/a.css --root root", output: "200"),
      Row(
        file: "source = 'assets'",
        line: "collect --root out --django nowhere",
        status: 2,
        errors: ["--django 'nowhere' is no directory"]
      ),
      Row(
        file: "keep-only-hashed = true\nroot = 'out'",
        line: "collect assets --no-post-process --no-cache"
      ),
      Row(
        line: "collect assets --root out --settings s",
        status: 2,
        errors: ["--settings asks a Django project, but a directory is named on the same command"]
      ),
      Row(
        line: "find a.css --source assets --python p",
        status: 2,
        errors: ["--python asks a Django project"]
      ),
      Row(
        line: "check --root root --settings s",
        status: 2,
        errors: ["--settings asks a Django project, but --root names the directory on the same"]
      ),
    ]
  )
  func givesWay(row: Row) { expect(row) }

  @Test(
    "a key of another command is not an error",
    arguments: ["check", "explain /static/a.css", "find a.css", "collect --root out --no-cache"]
  )
  func foreignKeys(line: String) {
    let file = """
      root = 'root'
      source = ['assets']
      hsts = 60
      trust-proxy = ["private"]
      server-timing = true
      forwarded-for = 'chain'
      formats = ['gzip']
      keep-releases = 2
      start-timeout = 10
      method = 'GET'
      json = false
      """
    expect(Row(file: file, line: line))
  }

  @Test(
    "an option without use on the command line is an error",
    arguments: [
      ("explain /static/a.css --root root --source assets", "--source 'assets'"),
      ("explain /static/a.css --root root --server-timing", "--server-timing is about the app's"),
    ]
  )
  func useless(line: String, error: String) {
    expect(Row(line: line, status: 2, errors: [error]))
  }

  @Test(
    "every switch can be turned off on the command line",
    arguments: [
      ("no-cors = true", "", false), ("no-cors = true", "--cors", true),
      ("no-cors = true", "--no-cors=false", true), ("no-cors = true", "--cors=true", true),
      ("no-cors = false", "", true), ("no-cors = false", "--no-cors", false),
      ("", "--no-cors --cors", true), ("", "--cors --no-cors", false),
      ("", "--no-cors=0", true), ("", "--no-cors=yes", false), ("", "--cors=off", false),
      ("cors = false", "", false), ("cors = true", "", true), ("cors = true", "--no-cors", false),
      ("cors = false", "--cors", true),
    ]
  )
  func switches(file: String, options: String, hasField: Bool) {
    let row = Row(file: file, line: "explain /static/a.css --root root \(options)")
    let result = run(row)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Access-Control-Allow-Origin: *") == hasField)
  }

  @Test(
    "every switch can be turned off in the environment",
    arguments: ["0", "false", "no", "off", "FALSE"]
  )
  func variable(value: String) {
    let variables = ["STATICD_NO_CORS": value]
    let field = "Access-Control-Allow-Origin: *"
    let line = "explain /static/a.css --root root"
    expect(Row(file: "no-cors = true", variables: variables, line: line, output: field))
    let opposite = ["STATICD_CORS": value]
    let result = run(Row(file: "no-cors = false", variables: opposite, line: line))
    #expect(result.status == 0 && !result.output.contains(field))
  }

  @Test(
    "a switch under both of its names",
    arguments: [
      Row(
        file: "no-link = true\nroot = 'root'\nlink = true",
        line: "check",
        status: 2,
        errors: ["staticd.toml:1: 'no-link' and 'link' are one switch; leave one of them out"]
      ),
      Row(
        file: "root = 'root'\nno-link = 1",
        line: "check",
        status: 2,
        errors: ["staticd.toml:2: 'no-link' is true or false, not a number"]
      ),
      Row(
        variables: ["STATICD_LINK": "1", "STATICD_NO_LINK": "0", "STATICD_ROOT": "root"],
        line: "check",
        status: 2,
        errors: ["STATICD_LINK and STATICD_NO_LINK are one switch; leave one of them out"]
      ),
      Row(
        variables: ["STATICD_NO_LINK": "maybe", "STATICD_ROOT": "root"],
        line: "check",
        status: 2,
        errors: ["STATICD_NO_LINK: 'maybe' is neither true nor false"]
      ),
      Row(
        variables: ["STATICD_NO_LINC": "1", "STATICD_ROOT": "root"],
        line: "check",
        status: 2,
        errors: ["STATICD_NO_LINC: no option has this name; the nearest one is STATICD_NO_LINK"]
      ),
      Row(variables: ["STATICD_NO_LINK": "1", "STATICD_ROOT": "root"], line: "check"),
      Row(file: "no-link = true\ncache = 'c'\nroot = 'root'", line: "check"),
    ]
  )
  func opposites(row: Row) { expect(row) }

  @Test("collect takes a switch under the name that switches it off")
  func offCollecting() {
    let file = "root = 'out'\npost-process = false\nno-link = false"
    expect(Row(file: file, line: "collect assets --no-cache"))
    let names = directory.files(below: "out")
    #expect(names == ["a.css"])
    #expect(
      (try? FileManager.default.destinationOfSymbolicLink(atPath: directory.path("out/a.css")))
        != nil
    )
  }

  @Test("switches of every command: none is missing, and none is parsed as a value")
  func allSwitches() {
    let lines = [
      "collect assets --root out --no-cache=false --no-link --no-clear --no-dry-run --post-process "
        + "--no-keep-only-hashed --no-js-modules --default-ignore --no-verbose --no-quiet --no-cache",
      "find a.css --source assets --default-ignore --no-json --no-verbose",
      "check --root root --no-verbose --no-quiet",
      "explain /static/a.css --root root --no-autorefresh --no-proxy-protocol --no-https-redirect "
        + "--no-hsts-subdomains --no-hsts-preload --no-server-timing",
    ]
    for line in lines { expect(Row(line: line)) }
    let missing = "explain /static/a.css --root --no-cors"
    expect(Row(line: missing, status: 2, errors: ["Missing value for '--root"]))
    let odd = "explain /static/a.css --root root --no-cors=maybe"
    expect(Row(line: odd, status: 2, errors: ["--no-cors=maybe: a switch is true or false"]))
  }

  @Test(
    "an error names the wrong place",
    arguments: [
      Row(
        file: "max-age = 1\nroot = 'root'",
        line: "explain / --max-agee 2",
        status: 2,
        errors: ["Unknown option '--max-agee'"]
      ),
      Row(
        file: "workers = 1\nroot = 'root'",
        line: "explain / --listen",
        status: 2,
        errors: ["Missing value for '--listen"]
      ),
      Row(
        file: "trust-proxy = 'none'\nroot = 'root'",
        line: "explain / --https-redirect",
        status: 2,
        errors: ["--https-redirect: "]
      ),
      Row(
        file: "root = 'root'\r\n\r\nmax-age = 'soon'\r\n",
        line: "explain /",
        status: 2,
        errors: ["staticd.toml:3: --max-age 'soon'"]
      ),
      Row(
        file: "root = 'root'\r\nzz = 1\r\n",
        line: "explain /",
        status: 2,
        errors: ["staticd.toml:2: unknown key 'zz'"]
      ),
      Row(
        file: "root = 'root'\nworkers = 'x'",
        line: "explain /",
        status: 2,
        errors: ["staticd.toml:2: --workers 'x': give a number from 1 to 256"]
      ),
      Row(
        file: "root = 'root'",
        variables: ["STATICD_NO_CORS": "perhaps", "STATICD_AUTOREFRESH": "2"],
        line: "explain /",
        status: 2,
        errors: ["STATICD_AUTOREFRESH: '2' is neither", "STATICD_NO_CORS: 'perhaps' is neither"]
      ),
      // Combinations of options.
      Row(
        file: "root = 'root'\nhsts-preload = true",
        line: "explain /",
        status: 2,
        errors: ["staticd.toml:2: --hsts-preload needs --hsts SECONDS"]
      ),
      Row(
        file: "root = 'root'\nhsts-preload = true",
        variables: ["STATICD_HSTS_SUBDOMAINS": "1"],
        line: "explain /",
        status: 2,
        errors: [
          "STATICD_HSTS_SUBDOMAINS: --hsts-subdomains and staticd.toml:2: --hsts-preload need --hsts"
        ]
      ),
      Row(
        file: "root = 'root'\nquiet = true\nverbose = true",
        line: "check",
        status: 2,
        errors: ["staticd.toml:3: --verbose and staticd.toml:2: --quiet are opposites"]
      ),
      Row(
        variables: ["STATICD_QUIET": "1", "STATICD_VERBOSE": "1"],
        line: "collect assets --root out",
        status: 2,
        errors: ["STATICD_VERBOSE: --verbose and STATICD_QUIET: --quiet are opposites"]
      ),
      Row(
        line: "collect assets --root out --quiet --verbose",
        status: 2,
        errors: ["--verbose and --quiet are opposites; give one of them"]
      ),
      Row(
        file: "keep-only-hashed = true\npost-process = false",
        line: "collect assets --root out --no-cache",
        status: 2,
        errors: ["staticd.toml:1: --keep-only-hashed needs what staticd.toml:2: --no-post-process"]
      ),
      Row(
        file: "from-release = 'root'\nno-post-process = true",
        line: "collect assets --root out --no-cache",
        status: 2,
        errors: ["staticd.toml:1: --from-release needs what staticd.toml:2: --no-post-process"]
      ),
      Row(
        file: "cache = 'c'\nno-cache = true",
        line: "collect assets --root out",
        status: 2,
        errors: ["staticd.toml:1: --cache and staticd.toml:2: --no-cache: give one of them"]
      ),
      Row(
        file: "root = 'root'\nlisten = '127.0.0.1:29'\nupstream = '127.0.0.1:29'",
        line: "serve",
        status: 2,
        errors: ["staticd.toml:3: --upstream '127.0.0.1:29': staticd listens there itself"]
      ),
      Row(
        file: "root = 'root'\nupstream = '127.0.0.1:9'",
        variables: ["STATICD_UPSTREAM": "/a/=127.0.0.1:29"],
        line: "run --listen 127.0.0.1:29 -- true",
        status: 2,
        errors: ["STATICD_UPSTREAM: --upstream '/a/=127.0.0.1:29': staticd listens there itself"]
      ),
      Row(
        line: "serve --root root --admin 127.0.0.1:29 --upstream localhost:29",
        status: 2,
        errors: ["--upstream 'localhost:29': staticd listens there itself (127.0.0.1:29)"]
      ),
      Row(
        line: "compress --formats gzip,dcz assets",
        status: 2,
        errors: ["--formats 'gzip,dcz': 'dcz' needs earlier releases and is for collect; give"]
      ),
      Row(file: "formats = ['br', 'gzip', 'dcz']", line: "compress assets", output: "Compressed"),
    ]
  )
  func places(row: Row) { expect(row) }

  @Test("check reports everything that would stop serve, at once")
  func check() {
    let file = """
      root = 'root'
      public = ['public', 'none']
      fallback = 'none.html'
      error-page = ['404=lost.html', '700=x']
      workers = 0
      max-age = ['x', 'y']
      keep-releases = 0
      formats = ['lzma']
      file-mode = 'rw'
      zz = 1
      access-log-file = 'none/log'
      """
    let variables = ["STATICD_MAX_AEG": "3", "STATICD_PORT": "tcp://10.0.0.1:80"]
    let result = run(Row(file: file, variables: variables, line: "check"))
    #expect(result.status == 2)
    let expected = [
      "staticd.toml:10: unknown key 'zz'", "STATICD_MAX_AEG: no option has this name; the nearest",
      "staticd.toml:2: --public 'none' is no directory", "staticd.toml:3: --fallback 'none.html'",
      "staticd.toml:4: --error-page 'lost.html'", "staticd.toml:4: --error-page '700=x'",
      "staticd.toml:5: --workers 0", "staticd.toml:6: --max-age 'x'",
      "staticd.toml:6: --max-age 'y'",
      "staticd.toml:7: --keep-releases 0", "staticd.toml:8: --formats 'lzma'",
      "staticd.toml:9: --file-mode 'rw'", "--access-log-file 'none/log'",
    ]
    for text in expected {
      #expect(result.errorLines.contains { $0.contains(text) }, "\(text): \(result.errors)")
    }
    #expect(result.errorLines.count == expected.count, "\(result.errors)")
  }

  @Test("explain takes every option of serve")
  func serveLine() {
    let line = """
      explain /static/a.css --root root --public public --listen :0 --workers 2 --max-head 2048 \
      --access-log off --upstream unix:/run/app.sock --queue-length 5 --hsts 60 --trust-proxy all \
      --grace 3 --keepalive-timeout 4
      """
    expect(Row(line: line, output: "200 OK"))
    let app = "explain /page --root root --upstream unix:/run/app.sock"
    expect(Row(line: app, output: "the app at unix:/run/app.sock answers"))
    let unknown = "explain /static/none --root root --upstream unix:/run/app.sock"
    expect(Row(line: unknown, output: "404"))
    expect(Row(line: unknown + " --unknown app", output: "the app at unix:/run/app.sock answers"))
    let none = "explain /static/none --root root --unknown app"
    expect(Row(line: none, status: 2, errors: ["--unknown app: there is no app"]))
  }

  @Test(
    "invalid commands",
    arguments: [
      Row(
        line: "colect assets",
        status: 2,
        errors: ["unknown command 'colect'; did you mean 'collect'?"]
      ),
      Row(line: "sevre", status: 2, errors: ["unknown command 'sevre'; did you mean 'serve'?"]),
      Row(line: "nonsense", status: 2, errors: ["unknown command 'nonsense'; the commands are"]),
      Row(line: "help chek", status: 2, errors: ["unknown command 'chek'; did you mean 'check'?"]),
      Row(
        line: "run gunicorn -b :80 app:app",
        status: 2,
        errors: ["'gunicorn': put -- before the command: staticd run [OPTION ...] -- gunicorn"]
      ),
      Row(
        line: "run --root root gunicorn x",
        status: 2,
        errors: ["'gunicorn': put -- before the command"]
      ),
      Row(line: "run --rot root gunicorn x", status: 2, errors: ["Unknown option '--rot'"]),
      Row(line: "-V", output: "."),
    ]
  )
  func commands(row: Row) { expect(row) }
}

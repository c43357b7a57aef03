import TestSupport
import Testing

/// Options in `staticd.toml`, `pyproject.toml` and the environment.
///
/// Goal: an option means the same in every place, the most specific place wins, and every error
/// names its place. Method: the effects of `explain` and `collect` show the values they got.
@Suite struct ConfigurationTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("body{}", to: "root/app.css")
    directory.write("img{}", to: "other/app.css")
  }

  private func run(_ arguments: [String], _ environment: [String: String] = [:]) -> CommandResult {
    Command.run(
      [Command.staticd] + arguments,
      directory: directory.path,
      environment: environment
    )
  }

  private func maxAge(_ arguments: [String] = [], _ environment: [String: String] = [:]) -> String?
  {
    let result = run(["explain", "/static/app.css"] + arguments, environment)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").first { $0.contains("max-age=") }
      .flatMap { $0.split(separator: "max-age=").last?.split(separator: ",").first }.map(
        String.init
      )
  }

  @Test("precedence: the command line, our variables, Django's, the file")
  func precedence() {
    directory.write("root = 'root'\nmax-age = 1\n", to: "staticd.toml")
    #expect(maxAge() == "1")
    let django = ["WHITENOISE_MAX_AGE": "2"]
    #expect(maxAge([], django) == "2")
    let own = django.merging(["STATICD_MAX_AGE": "3"]) { $1 }
    #expect(maxAge([], own) == "3")
    #expect(maxAge(["--max-age", "4"], own) == "4")
    #expect(maxAge(["--max-age=4"], own) == "4")
  }

  @Test("staticd.toml wins over pyproject.toml, and --config over both")
  func files() {
    directory.write("[tool.staticd]\nroot = 'root'\nmax-age = 1\n", to: "pyproject.toml")
    #expect(maxAge() == "1")
    directory.write("root = 'root'\nmax-age = 2\n", to: "staticd.toml")
    #expect(maxAge() == "2")
    directory.write("root = 'root'\nmax-age = 3\n", to: "deploy/web.toml")
    #expect(maxAge(["--config", "deploy/web.toml"]) == "3")
    #expect(maxAge([], ["STATICD_CONFIG": "deploy/web.toml"]) == "2")
  }

  @Test("a pyproject.toml without our table is ignored")
  func foreignProject() {
    directory.write("[tool.other]\nroot = 1\n", to: "pyproject.toml")
    #expect(maxAge(["--root", "root"]) == "60")
    directory.write("[tool.other]\nname = 'staticd'\n", to: "pyproject.toml")
    #expect(maxAge(["--root", "root"]) == "60")
  }

  @Test(
    "an error names its line",
    arguments: [
      ("max-agee = 60", "staticd.toml:2: unknown key 'max-agee'; the nearest one is 'max-age'"),
      ("nope = 1", "staticd.toml:2: unknown key 'nope'; 'staticd COMMAND --help' lists"),
      ("max-age = true", "staticd.toml:2: 'max-age' wants a string or a whole number, not true"),
      ("max-age = 1.5", "staticd.toml:2: 'max-age' wants a string or a whole number, not a frac"),
      ("max-age = 1979-05-27", "staticd.toml:2: 'max-age' wants"),
      ("no-cors = 'yes'", "staticd.toml:2: 'no-cors' is true or false, not a string"),
      ("workers = [1, 2]", "staticd.toml:2: 'workers' wants one value, not an array"),
      ("index = {a = 1}", "staticd.toml:2: 'index' wants"),
      ("[serve]\nmax-age = 1", "staticd.toml:2: unknown key 'serve'"),
      ("config = 'x'", "staticd.toml:2: unknown key 'config'"),
      ("max-age = ", "staticd.toml:2: "),
      ("max-age = -1", "staticd.toml:2: --max-age '-1': give seconds from 0"),
      ("max-age = 'soon'", "staticd.toml:2: --max-age 'soon'"),
      ("header = ['*: nonsense']", "staticd.toml:2: --header"),
      ("method = ['GET', 'HEAD']", "staticd.toml:2: 'method' wants one value"),
    ]
  )
  func mistakes(line: String, message: String) {
    directory.write("root = 'root'\n\(line)\n", to: "staticd.toml")
    let result = run(["explain", "/static/app.css"])
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("staticd: \(message)"), "\(result.errors)")
  }

  @Test("all errors of a file are reported at once, in its order")
  func allMistakes() {
    directory.write("root = 'root'\nzz = 1\n\n# aa = 3\naa = 2\n", to: "staticd.toml")
    let result = run(["explain", "/static/app.css"])
    #expect(result.status == 2)
    #expect(
      result.errorLines.map { $0.prefix(24) } == [
        "staticd: staticd.toml:2:", "staticd: staticd.toml:5:",
      ]
    )
  }

  @Test(
    "keys are found in every notation",
    arguments: [
      "[tool]\nx = 1\n[tool.staticd]\n'max-age' = 'soon'\n",
      "[tool]\n\n\nstaticd.max-age = 'soon'\n",
      "\n\n[ tool . \"staticd\" ]\nmax-age='soon'\n",
      "\n\ntool.staticd = {max-age = 'soon'}\nroot = 2\n# max-age = 1\n",
    ]
  )
  func places(text: String) throws {
    directory.write(text, to: "pyproject.toml")
    let result = run(["explain", "/static/app.css", "--root", "root"])
    #expect(result.status == 2)
    let line = text.split(separator: "\n", omittingEmptySubsequences: false)
      .firstIndex { $0.contains("soon") }.map { $0 + 1 }
    // An inline table is one setting of the document, so only the line of the table is known.
    let expected = text.contains("{") ? ["3", "1"] : ["\(try #require(line))"]
    let places = expected.map { "staticd: pyproject.toml:\($0): --max-age 'soon'" }
    #expect(places.contains { result.errors.hasPrefix($0) }, "\(result.errors)")
  }

  @Test(
    "variables",
    arguments: [
      (["STATIC_ROOT": "root"], 0),
      (["STATICD_ROOT": "root", "STATIC_ROOT": "nowhere"], 0),
      (["STATICD_ROOT": "root", "STATICD_NO_CORS": "maybe"], 2),
      (["STATICD_ROOT": "root", "WHITENOISE_AUTOREFRESH": "2"], 2),
      // Kubernetes sets this for a service named like the program.
      (["STATICD_ROOT": "root", "STATICD_PORT": "tcp://10.0.0.1:80"], 0),
    ] as [([String: String], Int32)]
  )
  func variables(environment: [String: String], status: Int32) {
    let result = run(["explain", "/static/app.css"], environment)
    #expect(result.status == status, "\(result.errors)")
    if status != 0 { #expect(result.errors.contains("is neither true nor false")) }
  }

  @Test("an error in a variable names the variable")
  func variableMistake() {
    let result = run(["explain", "/", "--root", "root"], ["STATICD_MAX_AGE": "soon"])
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("staticd: STATICD_MAX_AGE: --max-age 'soon'"))
  }

  @Test(
    "collecting with a file and variables",
    arguments: [
      ("source = ['root', 'v=other']\nformats = ['gzip']\nurl = '/x/'", [:], "root/app.css"),
      ("source = 'root'", [:], "root/app.css"),
      ("source = ['nowhere']", ["STATICFILES_DIRS": "other:root"], "other/app.css"),
      ("source = ['nowhere']", ["STATICD_SOURCE": "root\nv=other"], "root/app.css"),
      ("django = '.'", ["STATICFILES_DIRS": "root"], "root/app.css"),
      ("no-cache = true", ["STATICD_SOURCE": "root", "STATICD_CACHE": "cache"], "root/app.css"),
    ] as [(String, [String: String], String)]
  )
  func collecting(text: String, environment: [String: String], original: String) {
    directory.write("root = 'out'\n\(text)\n", to: "staticd.toml")
    let result = run(["collect"], environment)
    #expect(result.status == 0, "\(result.errors)")
    #expect(directory.text("out/app.css") == directory.text(original))
    #expect(
      (directory.text("out/v/app.css") != nil) == text.contains("v=")
        || environment["STATICD_SOURCE"]?.contains("v=") == true
    )
  }

  @Test("directories on the command line replace those of the file")
  func directories() {
    directory.write("root = 'out'\nsource = ['nowhere']\n", to: "staticd.toml")
    #expect(run(["collect", "root"]).status == 0)
    #expect(directory.text("out/app.css") == "body{}")
  }

  @Test("check validates the settings of every command")
  func check() {
    let text = """
      root = 'root'
      workers = 0
      keep-releases = 0
      formats = ['lzma']
      file-mode = 'rw'
      head-timeout = 10
      """
    directory.write(text, to: "staticd.toml")
    let result = run(["check"])
    #expect(result.status == 2)
    // The first error of a command hides its others.
    #expect(result.errors.contains("staticd.toml:2: --workers 0"), "\(result.errors)")
    #expect(result.errors.contains("staticd.toml:3: --keep-releases 0"), "\(result.errors)")
  }

  @Test("help does not need a valid file")
  func help() {
    directory.write("nonsense\n", to: "staticd.toml")
    for arguments in [["serve", "--help"], ["--help"], ["--version"], ["help", "serve"]] {
      let result = run(arguments)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(run(["explain", "/"]).status == 2)
  }

  @Test(
    "files that cannot be read",
    arguments: [(["--config", "missing.toml"], "missing.toml"), (["--config="], "--config ''")]
  )
  func unreadable(arguments: [String], message: String) {
    let result = run(["explain", "/"] + arguments)
    #expect(result.status == 2)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}

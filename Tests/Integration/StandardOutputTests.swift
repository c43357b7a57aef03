import TestSupport
import Testing

/// Errors while writing results.
///
/// Goal: every command that prints a result exits with 3 and a message if standard output cannot be
/// written; after EPIPE it exits silently.
@Suite struct StandardOutputTests {
  static let lines = [
    "--version", "--help", "--reference", "--reference Options", "collect --help", "collect -h",
    "help serve", "completions bash", "completions zsh", "man collect", "man",
    "find a.css --source src", "find a.css --source src --json", "collect src --root r --dry-run",
    "collect src --root r", "collect src --root r --report -", "check --root collected",
    "explain /static/a.css --root collected", "compress src --formats gzip",
  ]

  private func run(_ line: String, _ redirection: String) -> CommandResult {
    let site = TemporaryDirectory()
    site.write("a {}", to: "src/a.css")
    let collect = "'\(Command.staticd)' collect src --root collected --quiet --no-cache"
    return Command.run(
      ["sh", "-c", "\(collect) && '\(Command.staticd)' \(line) \(redirection)"],
      directory: site.path
    )
  }

  @Test("a full disk", arguments: lines)
  func full(line: String) {
    let result = run(line, ">/dev/full")
    #expect(result.status == 3, "\(line)")
    #expect(result.errorLines.count == 1)
    #expect(result.errors.hasSuffix(": No space left on device\n"), "\(result.errors)")
  }

  @Test("a closed standard output", arguments: lines)
  func closed(line: String) {
    let result = run(line, ">&-")
    #expect(result.status == 3, "\(line)")
    #expect(result.errors.hasSuffix(": Bad file descriptor\n"), "\(result.errors)")
  }

  @Test("nothing to write", arguments: ["collect src --root r -q", "check --root collected -q"])
  func quiet(line: String) {
    #expect(run(line, ">/dev/full").status == 0)
    #expect(run(line, ">&-").status == 0)
  }

  @Test("problems count more than the output", arguments: ["find none --source src --json"])
  func problems(line: String) {
    #expect(run(line, ">/dev/full").status == 1)
  }

  @Test("a reader that has gone", arguments: ["man collect", "completions zsh"])
  func pipe(line: String) {
    let result = run(line, "| head -c 1")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
  }
}

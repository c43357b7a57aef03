import TestSupport
import Testing

/// Help, manual pages and completions, as a user asks for them.
@Suite struct HelpTests {
  @Test(
    "help on standard output",
    arguments: [
      (["-h"], "Commands:"), (["--help"], "Commands:"), ([], "Commands:"), (["help"], "Commands:"),
      (["help", "serve"], "Examples:"), (["serve", "--help"], "staticd serve --root staticfiles"),
      (["serve", "-h"], "'staticd serve --help' tells all."), (["man"], ".TH STATICD 1"),
      (["man", "collect"], ".TH STATICD\\-COLLECT 1"), (["--version"], "."), (["-V"], "."),
      (["collect", "--nonsense", "--help"], "Usage: staticd collect"),
    ]
  )
  func help(arguments: [String], text: String) {
    let result = Command.run([Command.staticd] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(text), "\(result.output)")
    #expect(result.errors.isEmpty)
  }

  @Test("the help of serve begins with what everybody needs")
  func order() throws {
    let help = Command.staticd("serve", "--help").output
    let places = [
      "Examples:", "--root DIR", "--url PATH", "--listen ADDRESS", "--public [/URL/=]DIR",
      "App:",
    ]
    .map { help.range(of: $0)?.lowerBound }
    let found = places.compactMap { $0 }
    #expect(found.count == places.count, "\(help)")
    #expect(found == found.sorted())
  }

  @Test(
    "completions of bash",
    arguments: [
      (["staticd", "col"], ["collect"]), (["staticd", "serve", "--max-h"], ["--max-head"]),
      (["staticd", "serve", "--access-log", "c"], ["combined"]),
      (["staticd", "collect", "--no-li"], ["--no-link"]),
      (["staticd", "collect", "--cors"], []), (["staticd", "serve", "--cor"], ["--cors"]),
      (["staticd", "completions", "z"], ["zsh"]), (["staticd", "man", "expl"], ["explain"]),
    ]
  )
  func bash(words: [String], expected: [String]) {
    let script = """
      source /dev/stdin <<<"$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _staticd; printf '%s\\n' "${COMPREPLY[@]}"
      """
    let completions = Command.staticd("completions", "bash").output
    let result = Command.run(["bash", "-c", script, "bash", completions] + words)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").map(String.init) == expected)
  }

  @Test(
    "what is no command line",
    arguments: [
      (["completions"], "name the shell: bash, zsh, fish"),
      (["completions", "csh"], "there are no completions for 'csh'"),
      (["man", "colect"], "did you mean 'collect'?"),
      (["serve", "x"], "Unexpected argument 'x'"), (["explain"], "name a URL"),
      (["explain", "/", "/"], "Unexpected argument '/'"), (["compress"], "name the DIR"),
      (["find"], "name what to find"), (["--nonsense"], "Unknown option '--nonsense'"),
      (["serve", "-x"], "Unknown option '-x'"), (["serve", "--rooot=x"], "did you mean '--root'?"),
      (["collect", "-nz"], "Unknown option '-z'"),
      (["serve", "--root"], "Missing value for '--root"),
      (["serve", "--root", "--url"], "write --root=--url if that is its value"),
      (["collect", "a", "--source", "b"], "name all directories in one of the two ways"),
      (["collect", "a", "--missing", "b"], "--missing 'b': give error or warn"),
    ]
  )
  func wrong(arguments: [String], text: String) {
    let result = Command.run([Command.staticd] + arguments)
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains(text), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}

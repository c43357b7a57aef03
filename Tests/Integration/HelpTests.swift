import TestSupport
import Testing

/// Help, manual pages and completions on the command line.
@Suite struct HelpTests {
  @Test(
    "help on standard output",
    arguments: [
      (["-h"], "Commands:"), (["--help"], "Commands:"), ([], "Commands:"), (["help"], "Commands:"),
      (["help", "serve"], "Examples:"), (["serve", "--help"], "staticd serve --root staticfiles"),
      (["serve", "-h"], "'staticd serve --help' prints all options."), (["man"], ".TH STATICD 1"),
      (["man", "collect"], ".TH STATICD\\-COLLECT 1"), (["--version"], "."), (["-V"], "."),
      (["collect", "--nonsense", "--help"], "Usage: staticd collect"),
      (["--reference"], "Command-collect\n"), (["--reference", "Options"], "# All options\n"),
    ]
  )
  func help(arguments: [String], text: String) {
    let result = Command.run([Command.staticd] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(text), "\(result.output)")
    #expect(result.errors.isEmpty)
  }

  @Test("the help of serve begins with the most common options")
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
      // bash splits at '=', unless COMP_WORDBREAKS lacks it.
      (["staticd", "collect", "--missing", "=", "w"], ["warn"]),
      (["staticd", "collect", "--missing", "="], ["error", "warn"]),
      (["staticd", "collect", "--missing=w"], ["--missing=warn"]),
      (["staticd", "collect", "--missing=x"], []),
      (["staticd", "serve", "--root", "=", "/etc/hostn"], ["/etc/hostname"]),
      (["staticd", "collect", "--jobs", "=", ""], []),
      (["staticd", "collect", "prefix", "=", "/etc/hostn"], ["/etc/hostname"]),
      (["staticd", "serve", "--root=/etc/hostn"], ["--root=/etc/hostname"]),
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
    let offered = result.output.split(separator: "\n").map(String.init)
    #expect(offered.sorted() == expected)
  }

  /// The typed text, and the completion or the candidates.
  private static let typed = [
    ("staticd col", "collect"), ("staticd --vers", "--version"),
    ("staticd serve --max-h", "--max-head"), ("staticd serve --hel", "--help"),
    ("staticd serve --access-log c", "combined"), ("staticd collect --no-li", "--no-link"),
    ("staticd completions z", "zsh"), ("staticd man expl", "explain"),
    ("staticd run --root / -- mkfi", "mkfifo"), ("staticd run --upstream-ti", "--upstream-timeout"),
  ]

  @Test("completions of fish", arguments: typed)
  func fish(typed: String, expected: String) {
    let completions = Command.staticd("completions", "fish").output
    let script = "source (printf %s $argv[1] | psub); complete -C $argv[2]"
    let result = Command.run(["fish", "--no-config", "-c", script, completions, typed])
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let offered = result.output.split(separator: "\n").map {
      $0.prefix { $0 != "\t" }
    }
    #expect(offered.contains(expected[...]), "\(result.output)")
  }

  @Test("completions of zsh, as inserted by a Tab", arguments: typed)
  func zsh(typed: String, expected: String) {
    let directory = TemporaryDirectory()
    let completions = Command.staticd("completions", "zsh").output
    _ = directory.write(completions, to: "_staticd")
    let script = #"""
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; PS1=rea''dy"
      zpty -r shell output '*ready*'
      # Tab, then to the start of the line, which becomes one that prints itself.
      zpty -w shell "$2"$'\t\x01print -r -- '
      zpty -r shell output "*$3*"
      zpty -d shell
      """#
    let result = Command.run(
      [
        "timeout", "--signal=KILL", "30", "zsh", "-f", "-c", script, "zsh", directory.path, typed,
        expected,
      ]
    )
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("completions of zsh that are sourced")
  func sourcedZsh() {
    let script = "compdef() { print -r -- \"$@\"; }; source /dev/stdin <<<\"$1\""
    let completions = Command.staticd("completions", "zsh").output
    let result = Command.run(["zsh", "-f", "-c", script, "zsh", completions])
    #expect(result.output == "_staticd staticd\n")
    #expect(result.errors.isEmpty)
  }

  @Test("-h combined with other letters is help", arguments: ["-h", "-nh", "-hn", "-nvh", "-hx"])
  func letters(word: String) {
    let result = Command.staticd("collect", word)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.output == Command.staticd("collect", "-h").output)
  }

  @Test("a letter inside an option's value is not an option", arguments: ["-j3h", "-xh"])
  func values(word: String) {
    #expect(Command.staticd("collect", word).status == 2)
  }

  @Test(
    "all errors of a command line are reported at once",
    arguments: [
      (
        "collect s --jobz 3 --roo x --jobs x",
        ["Unknown option '--jobz'", "Unknown option '--roo'", "--jobs 'x'"]
      ),
      (
        "collect s --missing foo --formats zip --url= --jobs x",
        ["--jobs 'x'", "--missing 'foo'", "--url ''", "--formats"]
      ),
      ("collect s --formats zip --url=", ["--url ''", "--formats"]),
      (
        "serve --nonsense x --max-head y --root",
        ["'--nonsense'", "Missing value for '--root", "y"]
      ),
      ("run --workers x gunicorn", ["--workers 'x'", "put -- before the command"]),
      ("check --root x --django y --jobs 0", ["--jobs 0", "--django asks a Django project"]),
      ("find --source s --jsn --linkk x", ["--jsn", "--linkk"]),
      ("completions --help=x y z", ["takes no value", "Unexpected argument 'z'"]),
      ("collect s --link=maybe -xn --max-age 3", ["--link=maybe", "'-x'", "'--max-age'"]),
    ]
  )
  func all(line: String, texts: [String]) {
    let result = Command.run([Command.staticd] + line.split(separator: " ").map(String.init))
    #expect(result.status == 2)
    #expect(result.errorLines.count == texts.count, "\(result.errors)")
    for text in texts { #expect(result.errors.contains(text), "\(result.errors)") }
  }

  @Test(
    "invalid command lines",
    arguments: [
      (["completions"], "name the shell: bash, zsh, fish"),
      (["completions", "csh"], "there are no completions for 'csh'"),
      (["man", "colect"], "did you mean 'collect'?"),
      (["serve", "x"], "Unexpected argument 'x'"), (["explain"], "name a URL"),
      (["explain", "/", "/"], "Unexpected argument '/'"), (["compress"], "name the DIR"),
      (["--reference", "x"], "there is no reference page 'x'"),
      (["find"], "name what to find"), (["--nonsense"], "Unknown option '--nonsense'"),
      (["serve", "-x"], "Unknown option '-x'"), (["serve", "--rooot=x"], "did you mean '--root'?"),
      (["collect", "-nz"], "Unknown option '-z'"),
      (["serve", "--root"], "Missing value for '--root"),
      (["serve", "--root", "--cors"], "write --root=--cors if that is its value"),
      (["collect", "--dry"], "'--dry'; did you mean '--dry-run'?"),
      (["collect", "--from-r"], "did you mean '--from-release' or '--from-release-optional'?"),
      (["collect", "--no-linc"], "did you mean '--no-link'?"),
      (["collect", "--s"], "Unknown option '--s'; see 'staticd collect --help'"),
      (["collect", "--hlep"], "did you mean '--help'?"),
      (["--verison"], "Unknown option '--verison'; did you mean '--version'?"),
      (["--hel"], "did you mean '--help'?"), (["-x"], "Unknown option '-x'; a command comes first"),
      (["--help=x"], "'--help' takes no value"), (["--version=1"], "'--version' takes no value"),
      (["collect", "--help=x"], "'--help' takes no value"),
      (["serve", "--version=x"], "'--version' takes no value"),
      (["man", "--help=x"], "'--help' takes no value"),
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

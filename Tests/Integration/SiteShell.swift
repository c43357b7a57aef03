import TestSupport

/// Shell scripts in the directory of a site, in which `staticd` is the program.
enum SiteShell {
  /// Runs `script` in `directory`.
  static func run(_ script: String, _ directory: String) -> CommandResult {
    Command.run(
      ["sh", "-c", "staticd() { '\(Command.staticd)' \"$@\"; }\n\(script)"],
      directory: directory
    )
  }

  /// Every name, what it links to, and what is in it.
  static func picture(of site: TemporaryDirectory) -> String {
    run(
      "find . -printf '%p %y %l\\n' | sort; find . -type f | sort | xargs -d '\\n' md5sum",
      site.path
    ).output
  }
}

/// How options depend on each other when they come from different places.
///
/// A command line, an environment and a file are written by different people for different commands.
/// A weaker place therefore gives way: only a combination on one command line is a mistake.
struct OptionRules {
  /// The command's name.
  let command: String

  /// The options that a Django project is asked with.
  private static let asking: Set<String> = ["django", "settings", "python"]

  /// The options that make a question to a Django project unnecessary.
  private var naming: Set<String> {
    switch command {
    case "collect", "find": ["source"]
    case "check": ["root"]
    default: []
    }
  }

  /// Whether the command serves files, or explains how they are served.
  private var isServing: Bool { ["serve", "run", "explain"].contains(command) }

  /// The options that, given in a stronger place, make `name` give way.
  ///
  /// - Parameter isTyped: whether the stronger place is the command line.
  func rivals(of name: String, isTyped: Bool) -> Set<String> {
    var rivals: Set<String> = [name.hasPrefix("no-") ? String(name.dropFirst(3)) : "no-" + name]
    if Self.asking.contains(name) { rivals.formUnion(naming) }
    if name == "source", naming.contains(name) {
      // In the environment or a file, `settings` and `python` only say how to ask, not to ask.
      rivals.formUnion(isTyped ? Self.asking : ["django"])
    }
    if name == "django", isServing, isTyped { rivals.formUnion(["root", "public", "source"]) }
    switch name {
    case "quiet": rivals.insert("verbose")
    case "verbose": rivals.insert("quiet")
    case "keep-only-hashed": rivals.insert("no-post-process")
    case "no-post-process": rivals.insert("keep-only-hashed")
    default: break
    }
    return rivals
  }

  /// The options that make `name` give way when they stand in the same place.
  func winners(over name: String) -> Set<String> {
    Self.asking.contains(name) ? naming : []
  }

  /// The option without which `name` means nothing to this command; nil for none.
  ///
  /// It is another command's option then: `source` is `collect`'s, `hsts` is `run`'s.
  func need(of name: String) -> String? {
    if isServing, name == "source" { return "autorefresh" }
    let isOfApp = ["hsts", "hsts-subdomains", "hsts-preload", "server-timing", "forwarded-for"]
    return command != "run" && isOfApp.contains(name) ? "upstream" : nil
  }

  /// Throws for options on one command line that exclude each other.
  func refuseMistakes(_ given: GivenArguments) throws {
    guard !given.active.isDisjoint(with: naming),
      let name = given.active.intersection(Self.asking).min()
    else { return }
    let other = command == "check" ? "--root names the directory" : "a directory is named"
    throw CommandFailure(
      .usage,
      "--\(name) asks a Django project, but \(other) on the same command line; "
        + "leave one of them out"
    )
  }
}

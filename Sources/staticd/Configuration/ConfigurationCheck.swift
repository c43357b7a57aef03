internal import ArgumentParser

/// A command that can judge the values of its options without doing its work.
protocol OptionChecking: ParsableCommand {
  /// Throws what is wrong with them.
  func checkOptions() throws
}

/// Reads what is configured for every command as that command would.
struct ConfigurationCheck {
  /// The value of `--config`.
  let path: String?
  /// The options that were typed and say where a server's files are.
  let given: [String: String]

  /// Throws a `CommandFailure` with a line for each setting that is wrong.
  func run() throws {
    let catalogue = OptionCatalogue()
    let layers = try ConfigurationLayers(path, catalogue)
    var lines = layers.problems + EnvironmentSettings.misspelt(catalogue)
    for command in Self.commands {
      let isServer = ["serve", "run", "explain"].contains(command[0])
      let options = isServer ? Self.passedOn.compactMap(option) : []
      let line = command.prefix(1) + options + command.dropFirst()
      do {
        let layered = try LayeredArguments(adding: catalogue, to: Array(line), layers: layers)
        lines += Self.problems(of: layered)
      } catch let failure as CommandFailure {
        lines += failure.lines
      }
    }
    var seen: Set<String> = []
    lines = lines.filter { seen.insert($0).inserted }
    guard lines.isEmpty else { throw CommandFailure(.usage, lines: lines) }
  }

  private func option(_ name: String) -> String? { given[name].map { "--\(name)=\($0)" } }

  /// All that is wrong with the options of one command.
  ///
  /// A command stops at its first mistake. What that is about is left out, and the command asked
  /// again, until nothing is wrong or the mistake is in no option.
  private static func problems(of layered: LayeredArguments) -> [String] {
    var layered = layered
    var lines: [String] = []
    var removed: Set<String> = []
    while let found = mistakes(layered) {
      var isChanged = false
      for line in found {
        // An option that is missing only because it was left out is no mistake.
        if removed.isDisjoint(with: line.optionNames) { lines.append(layered.located(line)) }
        guard let culprit = layered.culprit(of: line) else { continue }
        if layered.remove(culprit, quotedIn: line) { removed.insert(culprit.name) }
        isChanged = true
      }
      guard isChanged else { break }
    }
    return lines
  }

  private static func mistakes(_ layered: LayeredArguments) -> [String]? {
    do {
      let command = try layered.command()
      try (command as? any OptionChecking)?.checkOptions()
      return nil
    } catch let failure as CommandFailure {
      return failure.lines
    } catch {
      return [Staticd.message(for: error)]
    }
  }

  /// What `check` is told for a server, too.
  private static let passedOn = ["root", "django", "settings", "python"]

  /// Command lines without any option, with an argument where there has to be one.
  private static let commands = [
    ["collect"], ["serve"], ["run", "--", "program"], ["find", "name"], ["compress", "directory"],
    ["check"], ["explain", "/"],
  ]
}

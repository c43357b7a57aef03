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

  /// Throws a `CommandFailure` with a line for each setting that is wrong.
  func run() throws {
    let catalogue = OptionCatalogue()
    var lines: [String] = []
    for command in Self.commands {
      let given = command.prefix(1) + (path.map { ["--config=\($0)"] } ?? []) + command.dropFirst()
      let layered = try LayeredArguments(adding: catalogue, to: Array(given))
      do {
        let command = try Staticd.parseAsRoot(layered.arguments)
        try (command as? any OptionChecking)?.checkOptions()
      } catch let failure as CommandFailure {
        lines += failure.located(layered.located).lines
      } catch {
        lines.append(layered.located(Staticd.message(for: error)))
      }
    }
    var seen: Set<String> = []
    lines = lines.filter { seen.insert($0).inserted }
    guard lines.isEmpty else { throw CommandFailure(.usage, lines: lines) }
  }

  /// Command lines without any option, with an argument where there has to be one.
  private static let commands = [
    ["collect"], ["serve"], ["run", "--", "program"], ["find", "name"], ["compress", "directory"],
    ["check"], ["explain", "/"],
  ]
}

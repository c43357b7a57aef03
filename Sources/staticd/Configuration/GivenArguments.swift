/// What is given on a command line, as far as other settings depend on it.
struct GivenArguments {
  /// The long names of the options.
  private(set) var names: Set<String> = []
  /// Whether there is an argument that is no option.
  private(set) var hasPositional = false
  /// The last values of options that have one.
  private(set) var values: [String: String] = [:]
  /// Whether help or the version is all that is wanted.
  private(set) var asksForHelp = false

  /// Reads what follows a command's name, up to `--`.
  init(_ arguments: ArraySlice<String>, _ options: [OptionCatalogue.Option]) {
    var rest = arguments
    while let argument = rest.popFirst(), argument != "--" {
      guard argument.hasPrefix("-"), argument.count > 1 else {
        hasPositional = true
        continue
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let found = Self.options(String(parts[0]), options)
      names.formUnion(found.map(\.name))
      asksForHelp = asksForHelp || ["--help", "-h", "--version"].contains(argument)
      var value = parts.count == 2 ? String(parts[1]) : nil
      // A value that begins with a hyphen has to stand behind '='.
      if value == nil, let last = found.last, !last.isSwitch, rest.first?.hasPrefix("-") == false {
        value = rest.popFirst()
      }
      if let value, let option = found.last { values[option.name] = value }
    }
  }

  /// The options that `--name`, or `-abc`, stands for.
  private static func options(
    _ text: String,
    _ options: [OptionCatalogue.Option]
  ) -> [OptionCatalogue.Option] {
    if text.hasPrefix("--") { return options.filter { $0.name == text.dropFirst(2) } }
    return text.dropFirst().compactMap { letter in options.first { $0.letters.contains(letter) } }
  }
}

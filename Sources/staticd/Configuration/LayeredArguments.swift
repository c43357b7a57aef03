internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// A command line with what the environment and the configuration file add to it.
///
/// Each option comes from the first of: the command line, `STATICD_…`, Django's names in the
/// environment, the file, the settings of a Django project.
struct LayeredArguments {
  /// What the parser is given.
  let arguments: [String]
  /// Where the options that were added come from, by name.
  private let origins: [String: String]

  /// The command line alone.
  init(_ given: [String]) {
    self.init(given, [])
  }

  private init(_ arguments: [String], _ added: [ConfiguredOption]) {
    self.arguments = arguments
    origins = Dictionary(uniqueKeysWithValues: added.map { ($0.name, $0.origin) })
  }

  /// Adds what is set elsewhere for the command of `given`.
  ///
  /// Throws: a `CommandFailure` for each setting that is wrong, of other commands too.
  init(adding settings: OptionCatalogue, to arguments: [String]) throws {
    guard let command = arguments.first, command != "help",
      let options = settings.options(of: command)
    else {
      self.init(arguments)
      return
    }
    let own = GivenArguments(arguments.dropFirst(), options)
    guard !own.asksForHelp else {
      self.init(arguments)
      return
    }
    let layers = try ConfigurationLayers(own.values["config"], settings)
    var given = own.names
    if command == CollectCommand.configuration.commandName, own.hasPositional {
      given.insert("source")
    }
    var added = layers.options(besides: given, of: options)
    if let question = ServingQuestion(own, added, options) { added += try question.ask() }
    self.init([command] + added.flatMap(\.arguments) + arguments.dropFirst(), added)
  }

  /// An error's text, behind the place of the option that it names if that was not on the command
  /// line.
  func located(_ line: String) -> String {
    let named = origins.filter { name, _ in line.names(option: name) }
    // `--cache` begins `--cache-size`.
    guard let (_, origin) = named.max(by: { $0.key.count < $1.key.count }) else { return line }
    return "\(origin): \(line)"
  }
}

extension String {
  /// Whether `--name` stands in it as a word.
  fileprivate func names(option name: String) -> Bool {
    split { !($0.isLetter || $0.isNumber || $0 == "-") }.contains { $0 == "--\(name)" }
  }
}

internal import ArgumentParser
internal import StaticAssets

/// The options of all commands, as the parser itself knows them.
///
/// The configuration file and the environment have no list of their own: what a command takes on its
/// command line can be said there too.
///
/// A command is described when it is asked for, once: the description of all of them takes longer than
/// anything else at the start of a process, and most need that of one.
final class OptionCatalogue {
  /// An option or a switch.
  struct Option: Equatable {
    /// Its long name, without hyphens.
    var name = ""
    /// The letters that stand for it.
    var letters: [Character] = []
    /// Whether it takes no value.
    var isSwitch = false
    /// Whether it may be given several times.
    var isRepeated = false
    /// Whether its value is several ones with commas between them.
    var isList = false
    /// Whether its value is the mode of a file.
    var isMode = false
  }

  private let commands = Staticd.configuration.subcommands
  /// The options of the commands that have been asked for, by name.
  private var described: [String: [Option]] = [:]

  /// Throws when the first argument is neither an option nor a command.
  func refuseUnknownCommand(_ arguments: [String]) throws {
    let names = Set(commands.map { $0._commandName })
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    guard let word = words.first, !word.hasPrefix("-"), word != "help", !names.contains(word) else {
      return
    }
    let nearest = names.nearest(to: word)
    let hint =
      nearest.isNear(word)
      ? "did you mean '\(nearest)'?" : "the commands are \(names.sorted().joined(separator: ", "))"
    throw CommandFailure(.usage, "unknown command '\(word)'; \(hint)")
  }

  /// The options of a command; nil when there is none of this name.
  func options(of command: String) -> [Option]? {
    commands.first { $0._commandName == command }.map(options)
  }

  /// The names of all options that may stand in a file.
  var names: Set<String> {
    Set(commands.flatMap(options).map(\.name)).subtracting(["config", "help", "version"])
  }

  /// An option of any command.
  func option(_ name: String) -> Option? {
    commands.lazy.flatMap(options).first { $0.name == name }
  }

  private func options(of command: any ParsableCommand.Type) -> [Option] {
    if let known = described[command._commandName] { return known }
    var reader = JSONReader(Array(command._dumpHelp().utf8))
    do {
      let options = try reader.options()
      described[command._commandName] = options
      return options
    } catch {
      preconditionFailure("the parser's description of a command is no JSON: \(error)")
    }
  }
}

extension JSONReader {
  /// The options in the description of a command.
  fileprivate mutating func options() throws(Malformed) -> [OptionCatalogue.Option] {
    var options: [OptionCatalogue.Option] = []
    try object { (reader, key) throws(Malformed) in
      guard key == Array("command".utf8) else { return try reader.skipValue() }
      try reader.object { (reader, key) throws(Malformed) in
        guard key == Array("arguments".utf8) else { return try reader.skipValue() }
        try reader.array { (reader) throws(Malformed) in
          let option = try reader.option()
          if !option.name.isEmpty { options.append(option) }
        }
      }
    }
    return options
  }

  /// An argument; one without a long name is no option.
  private mutating func option() throws(Malformed) -> OptionCatalogue.Option {
    var option = OptionCatalogue.Option()
    try object { (reader, key) throws(Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "kind": option.isSwitch = try reader.text() == "flag"
      case "isRepeating": option.isRepeated = try reader.boolean()
      case "valueName":
        let name = try reader.text()
        option.isList = name.hasSuffix(",...")
        option.isMode = name == "mode"
      case "names": try reader.array { (reader) throws(Malformed) in try reader.name(of: &option) }
      default: try reader.skipValue()
      }
    }
    return option
  }

  private mutating func name(of option: inout OptionCatalogue.Option) throws(Malformed) {
    var name = ""
    try object { (reader, key) throws(Malformed) in
      guard key == Array("name".utf8) else { return try reader.skipValue() }
      name = try reader.text()
    }
    if name.count == 1 {
      option.letters += Array(name)
    } else if option.name.isEmpty {
      option.name = name
    }
  }

  private mutating func text() throws(Malformed) -> String {
    String(decoding: try string(), as: UTF8.self)
  }
}

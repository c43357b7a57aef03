internal import ArgumentParser
internal import StaticAssets

/// The options of all commands, as the parser itself knows them.
///
/// The configuration file and the environment have no list of their own: what a command takes on its
/// command line can be said there too.
struct OptionCatalogue {
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
  }

  /// The options of each command.
  private let commands: [(name: String, options: [Option])]

  /// The options of `Staticd`.
  init() {
    var reader = JSONReader(Array(Staticd._dumpHelp().utf8))
    do {
      commands = try reader.subcommands()
    } catch {
      preconditionFailure("the parser's description of the commands is no JSON: \(error)")
    }
  }

  /// The options of a command; nil when there is none of this name.
  func options(of command: String) -> [Option]? {
    commands.first { $0.name == command }?.options
  }

  /// The names of all options that may stand in a file.
  var names: Set<String> {
    Set(commands.flatMap(\.options).map(\.name)).subtracting(["config", "help", "version"])
  }

  /// An option of any command.
  func option(_ name: String) -> Option? {
    commands.lazy.flatMap(\.options).first { $0.name == name }
  }
}

extension JSONReader {
  fileprivate mutating func subcommands() throws(Malformed) -> [(String, [OptionCatalogue.Option])]
  {
    var commands: [(String, [OptionCatalogue.Option])] = []
    try object { (reader, key) throws(Malformed) in
      guard key == Array("command".utf8) else { return try reader.skipValue() }
      try reader.object { (reader, key) throws(Malformed) in
        guard key == Array("subcommands".utf8) else { return try reader.skipValue() }
        try reader.array { (reader) throws(Malformed) in commands.append(try reader.command()) }
      }
    }
    return commands
  }

  private mutating func command() throws(Malformed) -> (String, [OptionCatalogue.Option]) {
    var name = ""
    var options: [OptionCatalogue.Option] = []
    try object { (reader, key) throws(Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "commandName": name = try reader.text()
      case "arguments":
        try reader.array { (reader) throws(Malformed) in
          let option = try reader.option()
          if !option.name.isEmpty { options.append(option) }
        }
      default: try reader.skipValue()
      }
    }
    return (name, options)
  }

  /// An argument; one without a long name is no option.
  private mutating func option() throws(Malformed) -> OptionCatalogue.Option {
    var option = OptionCatalogue.Option()
    try object { (reader, key) throws(Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "kind": option.isSwitch = try reader.text() == "flag"
      case "isRepeating": option.isRepeated = try reader.boolean()
      case "valueName": option.isList = try reader.text().hasSuffix(",...")
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

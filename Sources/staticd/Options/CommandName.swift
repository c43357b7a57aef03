/// The commands.
enum CommandName: String, CaseIterable, Sendable {
  case collect, publish, serve, run, find, compress, check, explain, completions, man

  /// The command of this name; throws if there is none.
  init(argument word: String) throws {
    if let command = CommandName(rawValue: word) {
      self = command
      return
    }
    let names = Set(Self.allCases.map(\.rawValue))
    let nearest = names.nearest(to: word)
    let hint =
      nearest.isNear(word)
      ? "did you mean '\(nearest)'?" : "the commands are \(names.sorted().joined(separator: ", "))"
    throw CommandFailure(.usage, "unknown command '\(word)'; \(hint)")
  }

  /// Whether it serves files, or explains how they would be served.
  var isServing: Bool { Self.serving.contains(self) }

  /// Whether its options may be set in a configuration file and in the environment.
  var isConfigurable: Bool { self != .completions && self != .man }

  /// The maximum number of positional arguments; nil for any number.
  var wordsMax: Int? {
    switch self {
    case .collect, .find: nil
    case .serve, .run, .check: 0
    case .publish, .compress, .explain, .completions, .man: 1
    }
  }

  /// The commands that serve files, or explain how they would be served.
  static let serving: [CommandName] = [.serve, .run, .explain]
}

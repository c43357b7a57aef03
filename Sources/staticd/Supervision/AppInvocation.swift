/// The app server that a command line starts, and what it is given there.
///
/// The server may stand behind other programs: `python -m gunicorn`, `poetry run gunicorn`,
/// `env A=b gunicorn`, `sh -c 'exec gunicorn'`.
struct AppInvocation: Equatable {
  /// The server; nil when the command starts none that is known.
  let server: AppServer?
  /// The words behind its name.
  let arguments: [String]
  /// Where words for it can be put into the command line; nil when it is started by a shell's script.
  let insertionIndex: Int?
  /// Variables that the command line itself sets for it.
  let assignments: [String: String]

  private static let shells: Set<String> = ["sh", "bash", "dash", "ash", "ksh", "zsh"]

  /// Reads `command`.
  ///
  /// - Parameter variable: the value of a variable as a script finds it.
  init(_ command: [String], variable: @escaping (String) -> String?) {
    let script = Self.scriptIndex(command)
    let direct = Self.find(command, besides: script)
    if let direct {
      self = direct
    } else if let script, let found = Self.find(script: command[script], variable) {
      self = found
    } else {
      self.init(server: nil, arguments: [], insertionIndex: nil, assignments: [:])
    }
  }

  private init(
    server: AppServer?,
    arguments: [String],
    insertionIndex: Int?,
    assignments: [String: String]
  ) {
    self.server = server
    self.arguments = arguments
    self.insertionIndex = insertionIndex
    self.assignments = assignments
  }

  private static func find(script: String, _ variable: @escaping (String) -> String?) -> Self? {
    // Variables that one command of the script exports count for those behind it.
    var exported: [String: String] = [:]
    guard let commands = ShellWords.commands(script, variable: variable) else { return nil }
    for words in commands {
      if let found = find(words, besides: nil) {
        return AppInvocation(
          server: found.server,
          arguments: found.arguments,
          insertionIndex: nil,
          assignments: exported.merging(found.assignments) { $1 }
        )
      }
      let values = words.first == "export" ? words.dropFirst() : words[...]
      if values.allSatisfy({ assignment($0) != nil }) {
        exported.merge(values.compactMap(assignment)) { $1 }
      }
    }
    return nil
  }

  private static func find(_ words: [String], besides script: Int?) -> Self? {
    for (index, word) in words.enumerated() where index != script {
      let name = word.split(separator: "/").last.map(String.init) ?? word
      let found = AppServer.allCases.first { $0.names.contains(name) }
      guard let server = found, let end = server.end(in: words, from: index + 1) else { continue }
      return AppInvocation(
        server: server,
        arguments: Array(words[end...]),
        insertionIndex: end,
        assignments: Dictionary(words[..<index].compactMap(assignment)) { $1 }
      )
    }
    return nil
  }

  /// `NAME=VALUE`.
  private static func assignment(_ word: String) -> (String, String)? {
    guard let sign = word.firstIndex(of: "="), let first = word.first,
      first.isLetter || first == "_"
    else { return nil }
    let name = word[..<sign]
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
    return (String(name), String(word[word.index(after: sign)...]))
  }

  /// The word that a shell runs as a script, behind `-c`, `-lc` and the like.
  private static func scriptIndex(_ command: [String]) -> Int? {
    let isShell = { (word: String) in
      shells.contains(word.split(separator: "/").last.map(String.init) ?? word)
    }
    guard let shell = command.firstIndex(where: isShell) else { return nil }
    var index = shell + 1
    while index < command.count, let first = command[index].first, "-+".contains(first) {
      let word = command[index]
      if word == "-o" || word == "+o" { index += 1 }
      if word.hasPrefix("-"), !word.hasPrefix("--"), word.contains("c") {
        return index + 1 < command.count ? index + 1 : nil
      }
      index += 1
    }
    return nil
  }
}

extension AppServer {
  /// The index behind the server's name and its subcommand; nil when that is missing.
  fileprivate func end(in words: [String], from start: Int) -> Int? {
    guard !subcommands.isEmpty else { return start }
    return words[start...].firstIndex { subcommands.contains($0) }.map { $0 + 1 }
  }
}

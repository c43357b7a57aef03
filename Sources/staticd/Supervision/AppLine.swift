/// The words of a simple command, followed through launchers to the program.
struct AppLine {
  /// What the line starts in the end.
  enum Program: Equatable {
    /// A server; its arguments begin at the index.
    case server(AppServer, Int)
    /// A shell; its script is the word at the index.
    case script(Int)
    /// A program, or a launcher whose program is not certain, at the index.
    case unknown(Int)
    case none
  }

  let words: [String]
  private(set) var program = Program.none
  /// Variables before the program.
  private(set) var assignments: [String: String] = [:]
  /// The directory in which it is started, if a launcher sets it.
  private(set) var directory: String?
  /// The index of the word that a shell runs as a script, even if the shell is not certain to run.
  var script: Int? {
    switch program {
    case .script(let index): return index
    case .unknown(let index):
      let shell = words[index...].firstIndex { Self.isShell(Self.name($0)) }
      return shell.flatMap { Self.scriptIndex(words, behind: $0) }
    case .server, .none: return nil
    }
  }

  init(_ words: [String]) {
    self.words = words
    var index = 0
    var takesAssignments = true
    while index < words.count {
      if takesAssignments, let (name, value) = Self.assignment(words[index]) {
        assignments[name] = value
        index += 1
      } else {
        guard let next = follow(index) else { return }
        takesAssignments = next.takesAssignments
        index = next.index
      }
    }
  }

  /// Reads the program at `index`; for a launcher, returns the index of the program it starts.
  private mutating func follow(_ index: Int) -> (index: Int, takesAssignments: Bool)? {
    let name = Self.name(words[index])
    if let server = AppServer(program: words[index]), server != .runserver {
      program =
        server.end(in: words, from: index + 1).map { .server(server, $0) } ?? .unknown(index)
      return nil
    }
    if Self.isPython(name) {
      guard let module = pythonProgram(index) else { return nil }
      return (module, false)
    }
    if name.hasSuffix(".py") || ["manage", "django-admin", "django"].contains(name) {
      program = runserver(behind: index)
      return nil
    }
    if Self.isShell(name) {
      program = Self.scriptIndex(words, behind: index).map { .script($0) } ?? .unknown(index)
      return nil
    }
    guard let launcher = Launcher.named(name),
      let started = launcher.started(in: words, from: index + 1), started.index > index
    else {
      program = .unknown(index)
      return nil
    }
    directory = AppInvocation.joined(directory, started.directory)
    return (started.index, launcher.takesAssignments)
  }

  /// Django's own server, if its name follows the command at `index`.
  private func runserver(behind index: Int) -> Program {
    let next = index + 1
    guard next < words.count, AppServer.runserver.names.contains(words[next]) else {
      return .unknown(index)
    }
    return .server(.runserver, next + 1)
  }

  private static let pythonOptions = "bBdEhiIOPqRsSuvVx"

  /// The index of the module or file that `python` runs; nil if `program` has been set.
  private mutating func pythonProgram(_ python: Int) -> Int? {
    var index = python + 1
    options: while index < words.count, words[index].hasPrefix("-"), words[index].count > 1 {
      if words[index] == "--check-hash-based-pycs" {
        index += 2
        continue
      }
      var letters = words[index].dropFirst()
      while let letter = letters.popFirst() {
        switch letter {
        case _ where Self.pythonOptions.contains(letter): continue
        case "X", "W":
          index += letters.isEmpty ? 2 : 1
          continue options
        case "m" where letters.isEmpty && index + 1 < words.count: return index + 1
        case "m":
          // The module's name is part of the word: `-mgunicorn`.
          let module = String(letters)
          program =
            AppServer(program: module).flatMap { server in
              server.end(in: words, from: index + 1).map { .server(server, $0) }
            } ?? .unknown(index)
          if module == "django" { program = runserver(behind: index) }
          return nil
        default:
          program = .unknown(python)
          return nil
        }
      }
      index += 1
    }
    guard index < words.count else {
      program = .unknown(python)
      return nil
    }
    return index
  }

  private static func isPython(_ name: String) -> Bool {
    for prefix in ["python", "pypy"] where name.hasPrefix(prefix) {
      return name.dropFirst(prefix.count).allSatisfy { $0.isNumber || $0 == "." }
    }
    return false
  }

  private static let shells: Set<String> = ["sh", "bash", "dash", "ash", "ksh", "zsh"]

  private static func isShell(_ name: String) -> Bool { shells.contains(name) }

  /// The index of the word that a shell runs as a script, after `-c`, `-lc` and the like.
  private static func scriptIndex(_ words: [String], behind shell: Int) -> Int? {
    var index = shell + 1
    while index < words.count, let first = words[index].first, "-+".contains(first) {
      let word = words[index]
      if word == "-o" || word == "+o" { index += 1 }
      if word.hasPrefix("-"), !word.hasPrefix("--"), word.contains("c") {
        return index + 1 < words.count ? index + 1 : nil
      }
      index += 1
    }
    return nil
  }

  /// `NAME=VALUE`.
  static func assignment(_ word: String) -> (String, String)? {
    guard let sign = word.firstIndex(of: "="), let first = word.first,
      first.isLetter || first == "_"
    else { return nil }
    let name = word[..<sign]
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
    return (String(name), String(word[word.index(after: sign)...]))
  }

  /// A program's name without its directory.
  static func name(_ word: String) -> String {
    word.split(separator: "/").last.map(String.init) ?? word
  }
}

extension AppServer {
  /// The server whose program or module is named by `word`, with or without a directory.
  init?(program word: String) {
    let name = AppLine.name(word)
    guard let found = AppServer.allCases.first(where: { $0.names.contains(name) }) else {
      return nil
    }
    self = found
  }

  /// The index after the server's name and its subcommand; nil if that is missing.
  func end(in words: [String], from start: Int) -> Int? {
    guard !subcommands.isEmpty else { return start }
    return words[start...].firstIndex { subcommands.contains($0) }.map { $0 + 1 }
  }
}

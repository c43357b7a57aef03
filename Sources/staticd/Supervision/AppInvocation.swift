/// The app server that a command line starts, and its arguments.
///
/// The server may follow programs that are known to start it: `python -m gunicorn`, `uv run --with
/// gunicorn gunicorn`, `env A=b gunicorn`, `sh -c 'exec gunicorn'`. After any other program, a
/// server's name may be an argument: `make gunicorn`.
struct AppInvocation: Equatable {
  /// The server; nil if the command starts no known server, or it is not certain that it does.
  var server: AppServer?
  /// The words after its name.
  var arguments: [String] = []
  /// Where to insert arguments for it; nil if a shell script starts it.
  var insertionIndex: Int?
  /// Variables that the command line itself sets for the app.
  var assignments: [String: String] = [:]
  /// The directory in which the command line starts the app; nil for that of this process.
  var directory: String?
  /// Without a server, the words that have a server's name.
  var presumed: [Presumed] = []

  /// A word with a server's name, after an unknown program.
  struct Presumed: Equatable {
    let server: AppServer
    /// The words after it.
    let arguments: [String]
  }

  /// The server's options.
  var options: CommandOptions { CommandOptions(arguments, switches: server?.switches ?? "") }

  /// Reads `command`.
  ///
  /// - Parameter variable: the value of a variable as a script finds it.
  init(_ command: [String], variable: @escaping (String) -> String?) {
    let line = AppLine(command)
    self.init(line)
    guard server == nil, let script = line.script else { return }
    let before = assignments
    self = Self.reading(command[script], variable)
    if server == nil { passArguments(command, script) }
    assignments = before.merging(assignments) { $1 }
    directory = Self.joined(line.directory, directory)
  }

  private init(_ line: AppLine) {
    assignments = line.assignments
    directory = line.directory
    switch line.program {
    case .server(let server, let end):
      self.server = server
      arguments = Array(line.words[end...])
      insertionIndex = end
    case .unknown(let index):
      presumed = line.words.indices.dropFirst(index + 1).compactMap { index in
        AppServer(program: line.words[index]).flatMap { server in
          server.end(in: line.words, from: index + 1)
            .map { Presumed(server: server, arguments: Array(line.words[$0...])) }
        }
      }
    case .script, .none: break
    }
  }

  /// Reads a shell script: its first command that is a server, else its last one.
  private static func reading(
    _ script: String,
    _ variable: @escaping (String) -> String?
  ) -> AppInvocation {
    var found = AppInvocation()
    guard let commands = ShellWords.commands(script, variable: variable) else { return found }
    // Variables that one command exports apply to the commands after it.
    var exported: [String: String] = [:]
    var directory: String?
    var presumed: [Presumed] = []
    for words in commands {
      if words.first == "cd", words.count == 2 {
        directory = joined(directory, words[1])
        continue
      }
      let values = words.first == "export" ? words.dropFirst() : words[...]
      let assigned = values.compactMap { AppLine.assignment($0) }
      if assigned.count == values.count {
        exported.merge(assigned) { $1 }
        continue
      }
      found = AppInvocation(AppLine(words))
      found.insertionIndex = nil
      found.assignments = exported.merging(found.assignments) { $1 }
      found.directory = joined(directory, found.directory)
      if found.server != nil { return found }
      presumed += found.presumed
    }
    found.presumed = presumed
    return found
  }

  private init() {}

  /// A script that ends with `exec "$@"` starts the words after it and its `$0`.
  private mutating func passArguments(_ command: [String], _ script: Int) {
    let start = script + 2
    guard start < command.count else { return }
    let text = command[script].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard text.hasSuffix("exec \"$@\"") else { return }
    let exported = assignments
    let parent = directory
    self = AppInvocation(AppLine(Array(command[start...])))
    insertionIndex = insertionIndex.map { $0 + start }
    assignments = exported.merging(assignments) { $1 }
    directory = Self.joined(parent, directory)
  }

  /// `directory` relative to `base`; either may be nil.
  static func joined(_ base: String?, _ directory: String?) -> String? {
    guard let base else { return directory }
    guard let directory else { return base }
    return directory.hasPrefix("/") ? directory : "\(base)/\(directory)"
  }
}

/// The exit codes of every command.
enum ExitStatus: Int32 {
  /// The input has problems; nothing was published.
  case input = 1
  /// Wrong use or configuration.
  case usage = 2
  /// The system failed: disk, permission, address in use.
  case system = 3
}

/// Why a command did not do its work.
struct CommandFailure: Error {
  let status: ExitStatus
  /// One line for each problem.
  let lines: [String]

  /// A failure for one reason.
  init(_ status: ExitStatus, _ line: String) {
    self.init(status, lines: [line])
  }

  init(_ status: ExitStatus, lines: [String]) {
    self.status = status
    self.lines = lines
  }

  /// Writes the lines to standard error.
  func report() {
    for line in lines { Console.diagnose(line) }
  }
}

internal import CLinux
internal import Glibc
internal import StaticAssets

/// The process of the app.
struct AppProcess {
  /// The main process, which is signalled, and whose end is the app's.
  private(set) var number: Int32
  /// Its process group; nil if it shares ours, for the terminal.
  let group: Int32?
  /// The start, in milliseconds of the monotonic clock.
  let startTime: Int64

  /// Starts `arguments` with `environment`, each entry as `NAME=VALUE`; none may contain a NUL.
  ///
  /// `descriptorLimit` is the app's maximum number of file descriptors: some programs fail with
  /// more.
  ///
  /// The app gets a process group of its own, so that its remaining processes can be killed. On a
  /// terminal, whose keys signal one group, it stays in ours.
  init(_ arguments: [[UInt8]], _ environment: [[UInt8]], descriptorLimit: Int) throws {
    let hasTerminal = isatty(0) == 1
    let number = Self.start(
      arguments,
      environment,
      ownsGroup: !hasTerminal,
      descriptorLimit: UInt(descriptorLimit)
    )
    guard number > 0 else {
      let code = Int32(-number)
      let isWrongUse = [ENOENT, EACCES, ENOEXEC, ENOTDIR].contains(code)
      throw CommandFailure(
        isWrongUse ? .usage : .system,
        "cannot run '\(String(decoding: arguments[0], as: UTF8.self))': \(FileError.text(of: code))"
      )
    }
    self.number = Int32(number)
    group = hasTerminal ? nil : Int32(number)
    startTime = clinux_monotonic_milliseconds()
  }

  /// Ends an app that will not serve after all: SIGTERM, and SIGKILL after three seconds.
  func end() {
    if !sendToGroup(SIGTERM) { send(SIGTERM) }
    let end = clinux_monotonic_milliseconds() + 3000
    var status: Int32 = 0
    while unsafe waitpid(number, &status, WNOHANG) == 0 {
      guard clinux_monotonic_milliseconds() < end else {
        send(SIGKILL)
        break
      }
      _ = poll(nil, 0, 10)
    }
    _ = sendToGroup(SIGKILL)
  }

  /// Sends `signal` to the main process only, which signals its workers. kill(2)
  func send(_ signal: Int32) {
    kill(number, signal)
  }

  /// Sends `signal` to the remaining processes of its group; returns whether there are any.
  func sendToGroup(_ signal: Int32) -> Bool {
    guard let group else { return false }
    return kill(-group, signal) == 0
  }

  /// Whether any process of the group is left.
  var hasGroup: Bool { sendToGroup(0) }

  /// Makes `successor` the main process.
  mutating func become(_ successor: Int32) {
    number = successor
  }

  private static func start(
    _ arguments: [[UInt8]],
    _ environment: [[UInt8]],
    ownsGroup: Bool,
    descriptorLimit: UInt
  ) -> Int {
    unsafe CStrings.with(arguments) { words in
      unsafe CStrings.with(environment) { variables in
        unsafe clinux_start(words, variables, ownsGroup ? 1 : 0, descriptorLimit)
      }
    }
  }
}

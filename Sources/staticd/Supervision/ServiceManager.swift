internal import CLinux
internal import Glibc
internal import StaticCollector

/// The service manager that has started this process, and what it is told. sd_notify(3)
///
/// Without one, nothing is sent.
final class ServiceManager {
  /// The variables by which it is found.
  ///
  /// They concern this process alone: an app that had them would report itself in our place.
  static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

  /// Microseconds without a sign of life after which it ends this process; nil if it does not.
  let watchdogMicroseconds: Int64?

  private let socket: String?
  private let ownNumber: Int32
  private var isReady = false
  private var isStopping = false

  /// Reads the variables.
  ///
  /// - Parameters:
  ///   - variable: the value of a variable.
  ///   - ownNumber: the number of this process.
  init(variable: (String) -> String?, ownNumber: Int32) {
    let socket = variable("NOTIFY_SOCKET")
    self.socket = socket
    self.ownNumber = ownNumber
    let isOurs = variable("WATCHDOG_PID").map { Int32($0) == ownNumber } ?? true
    let time = variable("WATCHDOG_USEC").flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
    watchdogMicroseconds = socket != nil && isOurs ? time : nil
  }

  /// The service manager of this process, whose variables are removed from the environment.
  ///
  /// To be called before threads are started: setenv(3).
  static func take() -> ServiceManager {
    let manager = ServiceManager(variable: Environment.value, ownNumber: getpid())
    for name in variables { unsafe unsetenv(name) }
    return manager
  }

  /// Whether there is a manager that can be told.
  var isThere: Bool { socket != nil }

  /// The variables for a process that takes our place; the time of its watchdog is that of ours.
  var inheritance: [String: String] {
    var variables: [String: String] = [:]
    variables["NOTIFY_SOCKET"] = socket
    variables["WATCHDOG_USEC"] = watchdogMicroseconds.map { "\($0)" }
    return variables
  }

  /// Tells that requests are answered now, and what the service does.
  func tellReady(_ status: String) {
    guard !isStopping else { return }
    isReady = true
    tell(["READY=1", "MAINPID=\(ownNumber)", "STATUS=\(status)"])
  }

  /// Tells that files and configuration are read again, until `tellReady`.
  func tellReloading() {
    guard isReady, !isStopping else { return }
    tell([
      "RELOADING=1", "MONOTONIC_USEC=\(clinux_monotonic_microseconds())",
      "STATUS=Reading files and configuration again",
    ])
  }

  /// Tells the end of reading, or nothing if that began before the service was ready.
  func tellReloaded(_ status: String) {
    if isReady { tellReady(status) }
  }

  /// Tells what the service does.
  func tell(status: String) {
    if !isStopping { tell(["STATUS=\(status)"]) }
  }

  /// Tells that the service ends.
  func tellStopping(_ status: String) {
    guard !isStopping else { return }
    isStopping = true
    tell(["STOPPING=1", "STATUS=\(status)"])
  }

  /// Tells that another process is the service from now on, and nothing after that.
  func tellSuccessor(_ number: Int32) {
    tell(["MAINPID=\(number)"])
    isStopping = true
  }

  /// A function that tells that the event loops turn, for any thread.
  var pulse: @Sendable () -> Void {
    { [socket] in Self.send(["WATCHDOG=1"], to: socket) }
  }

  private func tell(_ lines: [String]) { Self.send(lines, to: socket) }

  /// A manager that cannot be reached misses what it has asked for; the service goes on.
  private static func send(_ lines: [String], to socket: String?) {
    guard let socket else { return }
    let oneEach = lines.map { String($0.map { $0.isNewline ? " " : $0 }) }
    let text = Array(oneEach.joined(separator: "\n").utf8)
    _ = unsafe clinux_notify(socket, text, text.count)
  }
}

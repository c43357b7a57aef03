internal import CLinux
internal import Glibc
internal import StaticCollector

/// The service manager that started this process, and the notifications to it. sd_notify(3)
///
/// Without one, nothing is sent.
final class ServiceManager {
  /// The variables that name it.
  ///
  /// They are for this process only: an app that had them would send notifications in our place.
  static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

  /// The time-out of the watchdog, in microseconds; nil without one.
  let watchdogMicroseconds: Int64?

  private let socket: String?
  private let ownNumber: Int32
  private var isReady = false
  private var isStopping = false

  /// Reads the variables.
  ///
  /// - Parameters:
  ///   - variable: the value of a variable.
  ///   - ownNumber: the ID of this process.
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
  /// Must be called before threads are started: setenv(3).
  static func take() -> ServiceManager {
    let manager = ServiceManager(variable: Environment.value, ownNumber: getpid())
    for name in variables { unsafe unsetenv(name) }
    return manager
  }

  /// Whether there is a manager to notify.
  var isThere: Bool { socket != nil }

  /// The variables for our successor, which has the same watchdog time-out.
  var inheritance: [String: String] {
    var variables: [String: String] = [:]
    variables["NOTIFY_SOCKET"] = socket
    variables["WATCHDOG_USEC"] = watchdogMicroseconds.map { "\($0)" }
    return variables
  }

  /// Notifies that requests are answered, with the status of the service.
  func tellReady(_ status: String) {
    guard !isStopping else { return }
    isReady = true
    tell(["READY=1", "MAINPID=\(ownNumber)", "STATUS=\(status)"])
  }

  /// Notifies that files and configuration are being reloaded, until `tellReady`.
  func tellReloading() {
    guard isReady, !isStopping else { return }
    tell([
      "RELOADING=1", "MONOTONIC_USEC=\(clinux_monotonic_microseconds())",
      "STATUS=Reading files and configuration again",
    ])
  }

  /// Notifies the end of a reload; nothing if the service is not ready yet.
  func tellReloaded(_ status: String) {
    if isReady { tellReady(status) }
  }

  /// Notifies the status of the service.
  func tell(status: String) {
    if !isStopping { tell(["STATUS=\(status)"]) }
  }

  /// Notifies that the service is stopping.
  func tellStopping(_ status: String) {
    guard !isStopping else { return }
    isStopping = true
    tell(["STOPPING=1", "STATUS=\(status)"])
  }

  /// Notifies that another process is the service, and nothing after that.
  func tellSuccessor(_ number: Int32) {
    tell(["MAINPID=\(number)"])
    isStopping = true
  }

  /// A function for any thread that notifies that the event loops are running.
  var pulse: @Sendable () -> Void {
    { [socket] in Self.send(["WATCHDOG=1"], to: socket) }
  }

  private func tell(_ lines: [String]) { Self.send(lines, to: socket) }

  /// Notifications to an unreachable manager are lost; the service goes on.
  private static func send(_ lines: [String], to socket: String?) {
    guard let socket else { return }
    let oneEach = lines.map { String($0.map { $0.isNewline ? " " : $0 }) }
    let text = Array(oneEach.joined(separator: "\n").utf8)
    _ = unsafe clinux_notify(socket, text, text.count)
  }
}

internal import CLinux
internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// A new process of the program that replaces this one: it is started with our listening sockets,
/// and this process waits until it serves.
struct Upgrade: ~Copyable {
  /// The ID of the new process.
  let number: Int32

  private let readiness: Descriptor

  /// The state of the new process.
  enum Outcome: Equatable {
    /// It does not serve yet.
    case starting
    /// It serves.
    case serves
    /// It ended, or closed the pipe, before it served.
    case failed(String)
  }

  /// Why no other process can replace this one; nil if one can.
  ///
  /// - Parameters:
  ///   - ownNumber: the ID of this process.
  ///   - manager: the service manager, which can be notified of the new main process.
  ///   - variable: the value of a variable. Source: systemd.exec(5), SYSTEMD_EXEC_PID.
  static func obstacle(
    _ ownNumber: Int32,
    _ manager: ServiceManager,
    variable: (String) -> String?
  ) -> String? {
    if ownNumber == 1 {
      return "a container ends with its process 1, so no other can take its place; start a new one"
    }
    guard !manager.isThere, variable("SYSTEMD_EXEC_PID").flatMap({ Int32($0) }) == ownNumber else {
      return nil
    }
    return "systemd would end the new process together with this one; write Type=notify in the unit"
  }

  /// Starts the program that our command line names now, with the same arguments.
  ///
  /// - Parameters:
  ///   - handed: the sockets that we have bound.
  ///   - inherited: the sockets that this process inherited.
  ///   - manager: the service manager, which the new process notifies too.
  ///   - given: the sockets that were given as file descriptors.
  init(
    _ handed: [HandedSockets],
    _ inherited: InheritedSockets,
    _ manager: ServiceManager,
    given: [Int32]
  ) throws {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw CommandFailure(.system, "no pipe for the new process: \(FileError.text(of: errno))")
    }
    let reader = Descriptor(owning: ends[0])
    let writer = Descriptor(owning: ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let text = HandoverText.write(
      readiness: writer.number,
      handed: handed,
      activated: inherited.activated
    )
    let variables = manager.inheritance.merging([InheritedSockets.handoverVariable: text]) { $1 }
    let environment =
      Environment.bytes
      + variables.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) }
    let passed =
      [writer.number] + handed.flatMap(\.descriptors) + inherited.activated.map(\.descriptor)
      + given
    let words = RawArguments.words
    let result = unsafe CStrings.with(words) { arguments in
      unsafe CStrings.with(environment) { variables in
        unsafe clinux_succeed(arguments, variables, passed, passed.count)
      }
    }
    guard result > 0 else {
      let program = String(decoding: words[0], as: UTF8.self)
      throw CommandFailure(
        .system,
        "cannot run '\(program)': \(FileError.text(of: Int32(-result)))"
      )
    }
    number = Int32(result)
    readiness = reader
  }

  /// The file descriptor that becomes readable once `outcome` is known.
  var descriptor: Int32 { readiness.number }

  /// The state of the new process; to be read when the file descriptor is readable.
  func outcome() -> Outcome {
    var byte: UInt8 = 0
    let count = unsafe read(readiness.number, &byte, 1)
    if count == 1 { return .serves }
    guard count == 0 else { return .starting }
    var status: Int32 = 0
    // The end of the process closes the pipe, and is reported a moment later.
    guard unsafe clinux_wait(number, 1000, &status) > 0 else {
      kill(number, SIGTERM)
      return .failed("it did not tell that it serves")
    }
    let code = clinux_exit_status(status)
    return .failed(
      code > 128 ? "it has ended by signal \(code - 128)" : "it has ended with \(code)"
    )
  }

  /// Terminates the new process.
  func cancel() { kill(number, SIGTERM) }
}

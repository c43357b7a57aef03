internal import CLinux
internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// A new process of the program that is to take our place: started with our listening sockets, waited
/// for until it serves.
struct Upgrade: ~Copyable {
  /// The number of the new process.
  let number: Int32

  private let readiness: Descriptor

  /// What has become of it.
  enum Outcome: Equatable {
    /// It has not served yet.
    case starting
    /// It serves.
    case serves
    /// It has ended, or has closed the pipe, before it served.
    case failed(String)
  }

  /// Why no other process can take our place; nil if one can.
  ///
  /// - Parameters:
  ///   - ownNumber: the number of this process.
  ///   - manager: the service manager, if it can be told which process is the main one.
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

  /// Starts the program as it was started, from where it is now: by the words of our command line.
  ///
  /// - Parameters:
  ///   - handed: the sockets that we have bound.
  ///   - inherited: what this process was started with.
  ///   - manager: the service manager, which the new process finds, too.
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

  /// The descriptor that is readable once `outcome` is known.
  var descriptor: Int32 { readiness.number }

  /// What has become of the new process; to be asked when the descriptor is readable.
  func outcome() -> Outcome {
    var byte: UInt8 = 0
    let count = unsafe read(readiness.number, &byte, 1)
    if count == 1 { return .serves }
    guard count == 0 else { return .starting }
    var status: Int32 = 0
    // The pipe is closed by the end of the process, which is reported a moment later.
    guard unsafe clinux_wait(number, 1000, &status) > 0 else {
      kill(number, SIGTERM)
      return .failed("it did not tell that it serves")
    }
    let code = clinux_exit_status(status)
    return .failed(
      code > 128 ? "it has ended by signal \(code - 128)" : "it has ended with \(code)"
    )
  }

  /// Asks the new process to end.
  func cancel() { kill(number, SIGTERM) }
}

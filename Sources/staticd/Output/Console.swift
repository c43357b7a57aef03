internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Text output: results on standard output, diagnostics and notices on standard error.
enum Console {
  /// The errno of a failed write of a result; 0 if none has failed.
  private static let outputFailure = Atomic<Int32>(0)

  /// Writes a line of the result.
  static func print(_ line: String) {
    print(bytes: Array("\(line)\n".utf8))
  }

  /// Writes a result that is not a line of text.
  static func print(bytes: [UInt8]) {
    let code = StandardStreams.wasClosed(1) ? EBADF : put(bytes, to: 1)
    // EPIPE: the reader has closed the pipe on purpose.
    if code != 0, code != EPIPE { outputFailure.store(code, ordering: .relaxed) }
  }

  /// The exit status, that of a system failure if a result could not be written, which is reported.
  ///
  /// - Parameter status: the exit status of the command.
  static func finish(_ status: Int32) -> Int32 {
    let code = outputFailure.load(ordering: .relaxed)
    guard code != 0 else { return status }
    diagnose("cannot write to standard output: \(FileError.text(of: code))")
    return status == 0 ? ExitStatus.system.rawValue : status
  }

  /// Writes a notice of a server to standard error; standard output has the access log only.
  static func notice(_ line: String) {
    if Notice.isJSON {
      put(Notice(.info, line).json, to: 2)
    } else {
      write(line, to: 2)
    }
  }

  /// Writes a diagnostic, marked with the program's name.
  static func diagnose(_ line: String) {
    if Notice.isJSON {
      put(Notice(diagnostic: line).json, to: 2)
    } else {
      write("staticd: \(line)", to: 2)
    }
  }

  /// Writes the output of another program unchanged, without trailing newlines; nothing if it is
  /// empty.
  static func diagnose(text: String) {
    let end = text.lastIndex { !$0.isNewline }
    if let end { write(String(text[...end]), to: 2) }
  }

  /// Writes to standard error unchanged, to draw on a terminal.
  static func draw(_ text: String) {
    put(Array(text.utf8), to: 2)
  }

  /// Writes without a buffer, so that the lines of both streams keep their order.
  ///
  /// A diagnostic that cannot be written is lost: it cannot be reported anywhere else.
  private static func write(_ line: String, to descriptor: Int32) {
    put(Array("\(line)\n".utf8), to: descriptor)
  }

  /// The error of write(2); 0 when all bytes are written.
  @discardableResult
  private static func put(_ content: [UInt8], to descriptor: Int32) -> Int32 {
    var bytes = content[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : EIO }
      bytes = bytes.dropFirst(count)
    }
    return 0
  }
}

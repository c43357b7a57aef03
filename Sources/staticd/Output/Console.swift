internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import Synchronization

/// Text output: results on standard output, diagnostics and notices on standard error.
enum Console {
  /// The errno of a failed write of a result; 0 if none has failed.
  private static let outputFailure = Atomic<Int32>(0)
  /// Standard error of a server; nil for other commands, which wait for a slow reader.
  private static let notices = Mutex<NoticeStream?>(nil)

  /// Makes diagnostics and notices stop waiting for a reader that does not read.
  static func beginServing() {
    notices.withLock { $0 = NoticeStream(2) }
  }

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
    putNotice(Notice.isJSON ? Notice(.info, line).json : Array("\(line)\n".utf8))
  }

  /// Writes a diagnostic, marked with the program's name.
  static func diagnose(_ line: String) {
    putNotice(diagnostic(line))
  }

  /// Writes the output of another program unchanged, without trailing newlines; nothing if it is
  /// empty.
  static func diagnose(text: String) {
    let end = text.lastIndex { !$0.isNewline }
    if let end { putNotice(Array("\(text[...end])\n".utf8)) }
  }

  /// Writes to standard error unchanged, to draw on a terminal.
  static func draw(_ text: String) {
    put(Array(text.utf8), to: 2)
  }

  private static func diagnostic(_ line: String) -> [UInt8] {
    Notice.isJSON ? Notice(diagnostic: line).json : Array("staticd: \(line.printable)\n".utf8)
  }

  /// Writes to standard error without a buffer, so that the lines of both streams keep their order.
  ///
  /// What cannot be written is lost: it cannot be reported anywhere else.
  private static func putNotice(_ bytes: [UInt8]) {
    let isWritten = notices.withLock { stream in
      stream?.put(bytes) { count in
        diagnostic("\(Count.of(count, "notice")) lost: standard error was not read")
      } != nil
    }
    if !isWritten { put(bytes, to: 2) }
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

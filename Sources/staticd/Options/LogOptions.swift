internal import Glibc
internal import StaticAssets
internal import StaticServer

/// The options of the access log.
struct LogOptions {
  let arguments: MergedArguments

  /// Nil for none.
  private var format: AccessLog.Format? {
    switch arguments.text(.accessLog) {
    case "off": nil
    case "combined": .combined
    default: .json
    }
  }

  /// The path of its file; nil for standard output.
  private var file: String? {
    arguments.text(.accessLogFile).flatMap { $0 == "-" ? nil : $0 }
  }

  /// The log that was asked for, nil for none; the file is open.
  func open() throws -> AccessLog? {
    guard let format else { return nil }
    return AccessLog(format: format, descriptor: try file.map(openFile) ?? 1)
  }

  /// Throws when the log's file could not be opened; makes none. access(2)
  func check() throws {
    guard format != nil, let file else { return }
    let parent = FilePath(file).parent
    let directory = !parent.isEmpty ? parent.description : file.hasPrefix("/") ? "/" : "."
    let exists = unsafe access(file, F_OK) == 0
    guard unsafe access(exists ? file : directory, W_OK) == 0 else { throw failure(file, errno) }
  }

  /// Makes `log` go to the file that has its name now: after a rotation that is another one.
  func reopen(_ log: AccessLog?) throws {
    guard let log, let file else { return }
    let number = try openFile(file)
    // In one step: the thread that writes never meets a closed descriptor. dup2(2)
    _ = dup2(number, log.descriptor)
    _ = fcntl(log.descriptor, F_SETFD, FD_CLOEXEC)
    close(number)
  }

  private func openFile(_ path: String) throws -> Int32 {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    let number = unsafe Glibc.open(path, flags, 0o644)
    guard number >= 0 else { throw failure(path, errno) }
    return number
  }

  private func failure(_ path: String, _ code: Int32) -> CommandFailure {
    arguments.failure(.accessLogFile, path, unsafe String(cString: strerror(code)), .system)
  }
}

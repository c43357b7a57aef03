internal import ArgumentParser
internal import Glibc
internal import StaticAssets
internal import StaticServer

/// The options of the access log.
struct LogOptions: ParsableArguments {
  /// What `--access-log` takes.
  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case json, combined, off
  }

  @Option(
    help: ArgumentHelp("The form of the access log's lines: json, combined or off.")
  )
  var accessLog = Choice.json

  @Option(
    help: ArgumentHelp(
      "Where the access log goes; '-' is standard output. Opened again at SIGHUP.",
      valueName: "file"
    )
  )
  var accessLogFile = "-"

  /// The log that was asked for, nil for none; the file is open.
  func open() throws -> AccessLog? {
    let format: AccessLog.Format
    switch accessLog {
    case .off: return nil
    case .json: format = .json
    case .combined: format = .combined
    }
    return AccessLog(format: format, descriptor: accessLogFile == "-" ? 1 : try openFile())
  }

  /// Throws when the log's file could not be opened; makes none. access(2)
  func check() throws {
    guard accessLog != .off, accessLogFile != "-" else { return }
    let path = FilePath(accessLogFile)
    let parent = path.parent
    let directory =
      !parent.isEmpty ? parent.description : accessLogFile.hasPrefix("/") ? "/" : "."
    let exists = unsafe access(accessLogFile, F_OK) == 0
    guard unsafe access(exists ? accessLogFile : directory, W_OK) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw CommandFailure(.system, "--access-log-file '\(accessLogFile)': \(reason)")
    }
  }

  /// Makes `log` go to the file that has its name now: after a rotation that is another one.
  func reopen(_ log: AccessLog?) throws {
    guard let log, accessLogFile != "-" else { return }
    let number = try openFile()
    // In one step: the thread that writes never meets a closed descriptor. dup2(2)
    _ = dup2(number, log.descriptor)
    _ = fcntl(log.descriptor, F_SETFD, FD_CLOEXEC)
    close(number)
  }

  private func openFile() throws -> Int32 {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    let number = unsafe Glibc.open(accessLogFile, flags, 0o644)
    guard number >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw CommandFailure(.system, "--access-log-file '\(accessLogFile)': \(reason)")
    }
    return number
  }
}

internal import Glibc
internal import StaticAssets
internal import StaticServer

/// The options of the access log.
struct LogOptions {
  let arguments: MergedArguments

  /// Where the log goes.
  private enum Destination {
    case standardOutput
    case file(String)
    case syslog(UpstreamAddress)
  }

  /// The format; nil without an access log.
  private var format: AccessLog.Format? {
    switch arguments.text(.accessLog) {
    case "off": nil
    case "combined": .combined
    default: .json
    }
  }

  private func destination() throws -> Destination {
    guard let text = arguments.text(.accessLogFile), text != "-" else { return .standardOutput }
    let prefix = "syslog:"
    guard text.hasPrefix(prefix) else { return .file(text) }
    let rest = String(text.dropFirst(prefix.count))
    do throws(ListenAddress.Malformed) {
      return .syslog(try UpstreamAddress(rest.hasPrefix("/") ? "unix:\(rest)" : rest))
    } catch {
      let advice =
        "give syslog:/dev/log, syslog:unix:PATH or syslog:HOST:PORT, the host as a number"
      throw arguments.failure(.accessLogFile, text, advice)
    }
  }

  /// Opens the log's file or socket; nil for `off`.
  func open() throws -> AccessLog? {
    guard let format else { return nil }
    var log: AccessLog
    switch try destination() {
    case .standardOutput: log = AccessLog(format: format, descriptor: 1)
    case .file(let path): log = AccessLog(format: format, descriptor: try openFile(path))
    case .syslog(let address):
      log = AccessLog(format: format, descriptor: try openSocket(to: address))
      log.syslog = address
    }
    let place = arguments.place(of: .accessLogFile, arguments.text(.accessLogFile))
    log.onFailure = { code in
      let reason = FileError.text(of: code)
      Console.diagnose(
        "\(place): \(reason); lines are lost and counted until it can be written again"
      )
    }
    return log
  }

  /// Throws if the log cannot be opened; creates no file.
  func check() throws {
    guard format != nil else { return }
    switch try destination() {
    case .standardOutput: break
    case .syslog(let address): close(try openSocket(to: address))
    case .file(let path):
      let parent = BytePath(path).parent
      let directory = !parent.isEmpty ? parent.description : path.hasPrefix("/") ? "/" : "."
      let exists = unsafe access(path, F_OK) == 0
      guard unsafe access(exists ? path : "\(directory)/.", W_OK) == 0 else {
        throw failure(path, errno)
      }
      var status = stat()
      guard unsafe !exists || stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
        throw failure(path, EISDIR)
      }
    }
  }

  /// Opens the file at the log's path again, which a rotation has replaced.
  func reopen(_ log: AccessLog?) throws {
    guard let log, case .file(let path) = try destination() else { return }
    let number = try openFile(path)
    // dup2(2) is atomic: the writing thread never sees a closed file descriptor.
    _ = dup2(number, log.descriptor)
    _ = fcntl(log.descriptor, F_SETFD, FD_CLOEXEC)
    close(number)
  }

  private func openFile(_ path: String) throws -> Int32 {
    // O_NONBLOCK: open(2) of a FIFO waits for a reader, and no signal would be taken meanwhile.
    let flags = O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
    var number = unsafe Glibc.open(path, O_WRONLY | flags, 0o644)
    if number < 0, errno == ENXIO {
      // A FIFO without a reader. As its own reader, this process opens it, and the pipe keeps the first
      // lines for the reader to come. fifo(7)
      number = unsafe Glibc.open(path, O_RDWR | flags, 0o644)
    }
    guard number >= 0 else { throw failure(path, errno) }
    return number
  }

  private func openSocket(to address: UpstreamAddress) throws -> Int32 {
    let result = AccessLog.socket(toSyslogAt: address)
    guard result >= 0 else {
      let place = arguments.place(of: .accessLogFile, arguments.text(.accessLogFile))
      throw CommandFailure(
        .system,
        "\(place): \(FileError.text(of: Int32(-result))); start the syslog daemon, or name another"
      )
    }
    return Int32(result)
  }

  /// The failure of a log that cannot be opened, with the remedy.
  private func failure(_ path: String, _ code: Int32) -> CommandFailure {
    let advice =
      switch code {
      case ENOENT, ENOTDIR: "; make its directory first"
      case EACCES, EPERM, EROFS: "; name a file that this user may write"
      case EISDIR: "; name a file in it"
      case ENXIO: "; a socket has no name to open; '-' is standard output"
      default: ""
      }
    return arguments.failure(.accessLogFile, path, FileError.text(of: code) + advice)
  }
}

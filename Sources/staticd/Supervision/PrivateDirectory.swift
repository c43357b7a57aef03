internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// A directory with mode 0700 for the app's socket, removed with this object.
final class PrivateDirectory {
  /// The path of the socket in the directory.
  let socketPath: String

  private let path: String

  /// Creates the directory in TMPDIR or /tmp. mkdtemp(3)
  init() throws {
    let base = Environment.path("TMPDIR") ?? "/tmp"
    var template = base.appending("staticd-XXXXXX").bytes.map { CChar(bitPattern: $0) } + [0]
    guard unsafe mkdtemp(&template) != nil else {
      let reason = FileError.text(of: errno)
      throw CommandFailure(.system, "no directory for the app's socket in '\(base)': \(reason)")
    }
    let made = BytePath(template.dropLast().map { UInt8(bitPattern: $0) })
    // The app's command line has the path as text.
    path = made.description
    socketPath = "\(path)/app.sock"
    let isText = String(validating: made.bytes, as: UTF8.self) != nil
    guard isText, (try? ListenAddress("unix:\(socketPath)")) != nil, !path.contains("'") else {
      _ = unsafe made.withCString { unsafe rmdir($0) }
      throw CommandFailure(
        .system,
        "'\(isText ? base.description : base.escaped)' is no place for a socket: its path is too "
          + "long, has a quote or is not UTF-8; set TMPDIR"
      )
    }
  }

  /// Removes the socket, so that no connection reaches a process that still listens at it. unlink(2)
  func removeSocket() {
    unsafe unlink(socketPath)
  }

  deinit {
    removeSocket()
    unsafe rmdir(path)
  }
}

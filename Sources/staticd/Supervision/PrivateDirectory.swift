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
    let base = Environment.value("TMPDIR") ?? "/tmp"
    var template = Array("\(base)/staticd-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      let reason = FileError.text(of: errno)
      throw CommandFailure(.system, "no directory for the app's socket in '\(base)': \(reason)")
    }
    path = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) },
      as: UTF8.self
    )
    socketPath = "\(path)/app.sock"
    guard (try? ListenAddress("unix:\(socketPath)")) != nil, !path.contains("'") else {
      unsafe rmdir(path)
      throw CommandFailure(
        .system,
        "'\(base)' is no place for a socket: its path is too long or has a quote; set TMPDIR"
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

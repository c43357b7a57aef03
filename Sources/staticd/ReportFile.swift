internal import Glibc

/// Where a report goes: a file, or standard output.
struct ReportFile {
  private let path: String
  private let descriptor: Int32

  /// Opens the file at `path`, or standard output for `-`.
  init(_ path: String) throws {
    self.path = path
    guard path != "-" else {
      descriptor = 1
      return
    }
    descriptor = unsafe path.withCString {
      unsafe open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    }
    if descriptor < 0 { throw failure }
  }

  /// Writes all of it; the process's end closes the file.
  func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw failure }
      rest = rest.dropFirst(count)
    }
  }

  private var failure: CommandFailure {
    let reason = unsafe String(cString: strerror(errno))
    return CommandFailure(.system, "cannot write the report '\(path)': \(reason)")
  }
}

internal import Glibc
internal import StaticAssets
internal import StaticCollector

/// The destination of a report: a file, or standard output.
///
/// The file is replaced as a whole when the report is complete; until then the previous report
/// stays.
struct ReportFile {
  private let path: String
  /// The file to replace, symbolic links resolved.
  private let target: BytePath
  /// The root in which missing directories are made, symbolic links resolved; nil for none.
  private let root: BytePath?

  /// A report at `path`, or on standard output for `-`.
  ///
  /// - Parameter root: the root of the run, whose directories need not exist yet.
  /// - Throws: `CommandFailure` if no file can be written there.
  init(_ path: String, root: BytePath? = nil) throws {
    self.path = path
    self.root = root?.resolvedAsFarAsItExists
    target = path.isEmpty ? BytePath(path) : BytePath(path).resolvedAsFarAsItExists
    if let descriptor {
      if StandardStreams.wasClosed(descriptor) { throw failure(EBADF) }
      guard fcntl(descriptor, F_GETFD) >= 0 else { throw failure(errno) }
      return
    }
    if path.isEmpty { throw failure(ENOENT) }
    if path.hasSuffix("/") { throw failure(EISDIR) }
    switch try? FileStatus.of(target) {
    case let status? where status.isDirectory: throw failure(EISDIR)
    // A pipe or a device is written to, not replaced.
    case let status? where !status.isRegular:
      try checkIsWritable(target)
    default:
      let directory = directory
      try checkIsWritable(isInRoot(directory) ? existingPart(of: directory) : directory)
    }
  }

  /// The file that the report replaces; nil for an open file, such as standard output.
  var file: BytePath? { descriptor == nil ? BytePath(path) : nil }

  /// The directory of the file.
  private var directory: BytePath { target.parent.isEmpty ? "/" : target.parent }

  /// Whether the run makes `directory` if it is missing.
  private func isInRoot(_ directory: BytePath) -> Bool { root.map(directory.isInside) ?? false }

  /// The lowest directory on the path that exists.
  private func existingPart(of path: BytePath) -> BytePath {
    var path = path
    while !path.isEmpty, (try? FileStatus.of(path)) == nil { path = path.parent }
    return path.isEmpty ? "/" : path
  }

  private func checkIsWritable(_ path: BytePath) throws {
    if unsafe path.withCString({ unsafe access($0, W_OK) }) != 0 { throw failure(errno) }
  }

  /// The file descriptor that `path` stands for; nil for an ordinary path.
  ///
  /// Opened again, the file would have its own position, and other output would overwrite the
  /// report.
  private var descriptor: Int32? {
    if path == "-" || path == "/dev/stdout" { return 1 }
    if path == "/dev/stderr" { return 2 }
    let prefix = ["/dev/fd/", "/proc/self/fd/"].first { path.hasPrefix($0) }
    return prefix.flatMap { Int32(path.dropFirst($0.count)) }
  }

  /// Writes the report.
  func write(_ bytes: [UInt8]) throws {
    if let descriptor { return try write(bytes, to: descriptor) }
    if isInRoot(directory) {
      do throws(FileError) { try Directory.make(directory) } catch { throw failure(error.code) }
    }
    let isReplaced = (try? FileStatus.of(target))?.isRegular != false
    let name = isReplaced ? target.appending(suffix: ".\(getpid()).new") : target
    let flags =
      isReplaced ? O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC : O_WRONLY | O_CLOEXEC
    let number = unsafe name.withCString { unsafe open($0, flags, 0o644) }
    guard number >= 0 else { throw failure(errno) }
    let file = Descriptor(owning: number)
    do {
      try write(bytes, to: file.number)
    } catch {
      if isReplaced { remove(name) }
      throw error
    }
    guard isReplaced else { return }
    let result = unsafe name.withCString { name in
      unsafe target.withCString { unsafe rename(name, $0) }
    }
    if result != 0 {
      let code = errno
      remove(name)
      throw failure(code)
    }
  }

  private func remove(_ name: BytePath) { _ = unsafe name.withCString { unsafe unlink($0) } }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw failure(errno) }
      rest = rest.dropFirst(count)
    }
  }

  private func failure(_ code: Int32) -> CommandFailure {
    CommandFailure(.system, "cannot write the report '\(path)': \(FileError.text(of: code))")
  }
}

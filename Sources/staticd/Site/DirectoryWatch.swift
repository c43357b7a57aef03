internal import Glibc
internal import StaticAssets

/// Notices every change below some directories as it happens. inotify(7)
///
/// For development: what is on a network and changed by another machine is not noticed.
final class DirectoryWatch {
  /// Names that come and go, and files that were written to their end.
  ///
  /// Not every write: a file that is being written would be looked at half done, and again and
  /// again.
  private static let events = UInt32(
    IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB
      | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
  )

  private let descriptor: Descriptor
  private let roots: [BytePath]

  /// Watches `directories` and all below them.
  init(_ directories: [String]) throws {
    let number = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard number >= 0 else { throw Self.failure("watch for changes", errno) }
    descriptor = Descriptor(owning: number)
    roots = directories.map { BytePath($0) }
    try follow()
  }

  /// The descriptor that is readable once something has changed.
  var number: Int32 { descriptor.number }

  /// Takes all changes that were noticed, and watches directories that are new.
  ///
  /// What is built after this call has everything that it was called for.
  func take() throws {
    var buffer = [UInt8](repeating: 0, count: 65536)
    // What the changes are does not matter: all is looked at anew. An overflow is one, too.
    while unsafe read(descriptor.number, &buffer, buffer.count) > 0 {}
    try follow()
  }

  /// Watches all directories that are there; those that are watched already stay so.
  private func follow() throws {
    for root in roots {
      try watch(root)
      guard let directory = try? Descriptor.open(root, flags: FileFlags.directory) else { continue }
      var found: [BytePath] = []
      do {
        try DirectoryWalk.run(directory, root: root) { candidate in
          if candidate.isDirectory { found.append(candidate.path) }
          return candidate.isDirectory
        } visit: { _ in
        }
      } catch {
        // It has gone since; its parent tells when it comes back.
        continue
      }
      for path in found { try watch(root.appending(path)) }
    }
  }

  private func watch(_ path: BytePath) throws {
    let result = unsafe inotify_add_watch(descriptor.number, path.description, Self.events)
    guard result < 0 else { return }
    switch errno {
    case ENOENT, ENOTDIR, EACCES: return
    case ENOSPC:
      throw CommandFailure(
        .system,
        "--autorefresh: there are more directories than may be watched; raise the sysctl "
          + "fs.inotify.max_user_watches"
      )
    default: throw Self.failure("watch '\(path)'", errno)
    }
  }

  private static func failure(_ purpose: String, _ code: Int32) -> CommandFailure {
    CommandFailure(.system, "--autorefresh: cannot \(purpose): \(FileError.text(of: code))")
  }
}

#if os(Linux)
  internal import Glibc

  /// Notices every change below some directories as it happens. inotify(7)
  ///
  /// For development: what is on a network and changed by another machine is not noticed. The only
  /// file of this module that needs Linux; `TreeVersion` does without.
  package final class DirectoryWatch {
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
    /// The numbers of all watches so far, which the kernel does not use again.
    private var watches: Set<Int32> = []

    /// Watches `directories` and all below them.
    ///
    /// - Throws: `FileError` with the operation `watch`; its code is ENOSPC when there are more
    ///   directories than the sysctl `fs.inotify.max_user_watches` allows.
    package init(_ directories: [String]) throws(FileError) {
      let number = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
      guard number >= 0 else {
        throw FileError(operation: "watch", path: directories.first ?? "", code: errno)
      }
      descriptor = Descriptor(owning: number)
      roots = directories.map { BytePath($0) }
      try follow()
    }

    /// The descriptor that is readable once something has changed.
    package var number: Int32 { descriptor.number }

    /// Takes all changes that were noticed, and watches directories that are new.
    ///
    /// What is built after this call has everything that it was called for.
    ///
    /// - Throws: as `init`.
    package func take() throws(FileError) {
      var buffer = [UInt8](repeating: 0, count: 65536)
      // What the changes are does not matter: all is looked at anew. An overflow is one, too.
      while unsafe read(descriptor.number, &buffer, buffer.count) > 0 {}
      try follow()
    }

    /// Watches all directories that are there; those that are watched already stay so.
    private func follow() throws(FileError) {
      // What was made in a new directory before it was watched shows at the next walk.
      while try watchAll() {}
    }

    /// Whether there was a directory that is watched only now.
    private func watchAll() throws(FileError) -> Bool {
      let count = watches.count
      for root in roots {
        try watch(root)
        guard let directory = try? Descriptor.open(root, flags: FileFlags.directory) else {
          continue
        }
        var found: [BytePath] = []
        do throws(FileError) {
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
      return watches.count > count
    }

    private func watch(_ path: BytePath) throws(FileError) {
      let result = unsafe inotify_add_watch(descriptor.number, path.description, Self.events)
      guard result < 0 else {
        watches.insert(result)
        return
      }
      switch errno {
      case ENOENT, ENOTDIR, EACCES: return
      default: throw FileError(operation: "watch", path: path.description, code: errno)
      }
    }
  }
#endif

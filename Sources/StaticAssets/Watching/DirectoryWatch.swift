#if os(Linux)
  internal import Glibc

  /// Reports every change below some directories as it happens. inotify(7)
  ///
  /// For development: changes that another machine makes on a network file system are not reported.
  /// The only file of this module that needs Linux; `TreeVersion` is the portable alternative.
  package final class DirectoryWatch {
    /// Created, deleted and renamed names, changed attributes, and files that were closed after
    /// writing.
    ///
    /// Not IN_MODIFY: it would cause a reload for each write of a file that is not complete yet.
    private static let events = UInt32(
      IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB
        | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
    )

    private let descriptor: Descriptor
    private let roots: [BytePath]
    /// The numbers of all watches so far, which the kernel does not reuse.
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

    /// The descriptor, readable once something has changed.
    package var number: Int32 { descriptor.number }

    /// Discards the pending events, and watches new directories.
    ///
    /// A table that is built after this call includes the changes of the discarded events.
    ///
    /// - Throws: as `init`.
    package func take() throws(FileError) {
      var buffer = [UInt8](repeating: 0, count: 65536)
      // The events themselves are not needed, because the whole tree is read again. This includes
      // IN_Q_OVERFLOW.
      while unsafe read(descriptor.number, &buffer, buffer.count) > 0 {}
      try follow()
    }

    /// Watches all existing directories; adding an existing watch has no effect.
    private func follow() throws(FileError) {
      // Entries that were created in a new directory before it was watched are found by the next
      // walk.
      while try watchAll() {}
    }

    /// Adds watches for all directories; returns whether a directory was new.
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
          // Removed meanwhile; the watch of its parent reports when it is created again.
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

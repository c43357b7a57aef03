internal import Glibc

/// The bodies that are sent from disk, and the addresses of those in memory.
extension FileTable {
  /// A descriptor to send file `number` from; opened once and kept, or opened for this call.
  ///
  /// - Returns: a negative error number when the file is gone or no longer the one whose length and
  ///   tag the table's responses announce. `isKept` tells that the descriptor stays the table's;
  ///   otherwise the caller closes it.
  public func openFile(_ number: Int) -> (descriptor: Int32, isKept: Bool) {
    let file = storedFiles[number]
    guard file.descriptor < 0 else { return (file.descriptor, true) }
    return (open(file), false)
  }

  /// A new descriptor for `file`, or a negative error number.
  @inline(never)
  private func open(_ file: StoredFile) -> Int32 {
    // The name has its NUL in the arena, which outlives the call.
    let opened = arena.withSpan(file.name) { name in
      unsafe name.withUnsafeBytes { bytes -> Int32 in
        guard let start = bytes.baseAddress else { return -ENOENT }
        let path = unsafe start.assumingMemoryBound(to: CChar.self)
        let result = unsafe openat(file.directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        return result < 0 ? -errno : result
      }
    }
    guard opened >= 0 else { return opened }
    guard let status = try? FileStatus.of(descriptor: opened),
      file.version.isSame(as: FileVersion(status))
    else {
      _ = close(opened)
      return -ESTALE
    }
    return opened
  }

  /// The address of the table's memory, to which the offsets of a plan's slices are added.
  ///
  /// Valid as long as the table; only for handing to the system.
  @unsafe public var baseAddress: UnsafeRawPointer { unsafe arena.start }
}

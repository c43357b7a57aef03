#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Bodies that are sent from disk, and the address of those in memory.
extension FileTable {
  /// A descriptor from which stored file `number` can be sent.
  ///
  /// The file's version is checked each time, also if it is kept open, because it may have been
  /// rewritten in place. fstat(2)
  ///
  /// - Parameter number: the index in a plan's body.
  /// - Returns: the descriptor, or a negative error number: ESTALE when the file is no longer the
  ///   version that the table's responses describe. If `isKept` is true, the table owns the
  ///   descriptor; otherwise the caller closes it.
  package func openFile(_ number: Int) -> (descriptor: Int32, isKept: Bool) {
    let file = storedFiles[number]
    guard file.descriptor >= 0 else { return (open(file), false) }
    let isCurrent = file.version?.isCurrent(file.descriptor) ?? true
    return (isCurrent ? file.descriptor : -ESTALE, true)
  }

  /// The descriptor of stored file `number`, which the table keeps open; its version is not
  /// checked.
  package func keptFile(_ number: Int) -> Int32 { storedFiles[number].descriptor }

  /// The version of stored file `number` that the table's responses describe; nil if they describe
  /// no single version, or the version is not known.
  package func version(ofFile number: Int) -> FileVersion? { storedFiles[number].version }

  /// A new descriptor for `file`, or a negative error number. openat(2)
  @inline(never)
  private func open(_ file: StoredFile) -> Int32 {
    // The name ends with a NUL in the arena, which outlives the call.
    let opened = arena.withSpan(file.name) { name in
      unsafe name.withUnsafeBytes { bytes -> Int32 in
        guard let start = bytes.baseAddress else { return -ENOENT }
        let path = unsafe start.assumingMemoryBound(to: CChar.self)
        let result = unsafe openat(file.directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        return result < 0 ? -errno : result
      }
    }
    guard opened >= 0 else { return opened }
    guard let status = try? FileStatus.of(descriptor: opened), file.isVersion(status) else {
      _ = close(opened)
      return -ESTALE
    }
    return opened
  }

  /// The address of the table's memory; the offsets of a plan's slices are relative to it.
  ///
  /// Valid during the lifetime of the table. For system calls only.
  @unsafe package var baseAddress: UnsafeRawPointer { unsafe arena.start }
}

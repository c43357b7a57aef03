#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Descriptor {
  /// Calls `body` for every entry of the directory except `.` and `..`, unsorted, with the status
  /// of the entry itself: symbolic links are not followed.
  ///
  /// For large directories: one status call per file, however many names it has, and no allocation
  /// per entry. An entry that is removed meanwhile is skipped. readdir(3), fstatat(2)
  ///
  /// - Parameters:
  ///   - path: the directory's path, for errors.
  ///   - body: called with each name, which is valid during the call.
  package func forEachStatus(
    of path: BytePath,
    _ body: (_ name: UnsafeRawBufferPointer, FileStatus) -> Void
  ) throws(FileError) {
    // fdopendir(3) takes ownership of its descriptor, so it gets a duplicate.
    let duplicate = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard duplicate >= 0, let stream = unsafe fdopendir(duplicate) else {
      let code = errno
      if duplicate >= 0 { _ = close(duplicate) }
      throw FileError(operation: "list", path: path.description, code: code)
    }
    defer { unsafe closedir(stream) }
    // Hard links in one directory share one status. It is not cached if d_ino differs from st_ino,
    // as on some stacked file systems.
    var statusOfInode: [UInt64: FileStatus] = [:]
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      // d_name is a NUL-terminated array inside the entry, valid until the next readdir(3).
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let name = unsafe UnsafeRawPointer(entry).advanced(by: offset)
        .assumingMemoryBound(to: CChar.self)
      let count = unsafe strlen(name)
      guard unsafe !(name[0] == 0x2E && (count == 1 || (count == 2 && name[1] == 0x2E))) else {
        continue
      }
      let bytes = unsafe UnsafeRawBufferPointer(start: name, count: count)
      let inode = unsafe UInt64(entry.pointee.d_ino)
      if !statusOfInode.isEmpty, let known = statusOfInode[inode] {
        unsafe body(bytes, known)
        continue
      }
      var status = stat()
      guard unsafe fstatat(duplicate, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      if status.st_nlink > 1, status.st_mode & S_IFMT == S_IFREG, UInt64(status.st_ino) == inode {
        statusOfInode[inode] = FileStatus(status)
      }
      unsafe body(bytes, FileStatus(status))
    }
    guard errno == 0 else {
      throw FileError(operation: "list", path: path.description, code: errno)
    }
  }
}

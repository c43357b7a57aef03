internal import CLinux
internal import Glibc
internal import StaticAssets

/// A live directory of one loop: its descriptor, as long as its path refers to it.
struct LiveRoot {
  let directory: LiveDirectory
  /// The URL path.
  let prefix: [UInt8]
  /// The path in the file system, absolute.
  let path: BytePath
  /// The index file's name; nil for none.
  let indexFile: [UInt8]?

  /// The directory, opened with O_PATH; negative while it does not exist.
  private(set) var descriptor: Int32 = -1
  /// The watch of the directory; -1 when changes are not reported.
  var watch: Int32 = -1
  /// Whether the path must be resolved at each request, because a change of it is not reported.
  var isPathChecked = true
  private var device: UInt64 = 0
  private var inode: UInt64 = 0

  init(_ directory: LiveDirectory, indexFile: String?) {
    self.directory = directory
    prefix = Array(directory.prefix.utf8)
    path = BytePath(directory.directory).absolute
    self.indexFile = indexFile.map { Array($0.utf8) }
  }

  var isRoot: Bool { directory.kind == .root }

  /// Opens the directory; returns false if it does not exist.
  mutating func open() -> Bool {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | Int32(CLINUX_PATH_ONLY)
    let opened = unsafe path.withCString { unsafe openat(AT_FDCWD, $0, flags) }
    guard opened >= 0 else { return false }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else {
      _ = Glibc.close(opened)
      return false
    }
    descriptor = opened
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    return true
  }

  /// Whether the path still refers to the directory. stat(2)
  var isCurrent: Bool {
    var status = stat()
    let result = unsafe path.withCString { unsafe stat($0, &status) }
    return result == 0 && UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
  }

  /// Closes the directory; the next request opens it again.
  mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
    watch = -1
    isPathChecked = true
  }

  /// The directories above it, the highest first, without `/`, which never moves.
  ///
  /// Nil if the path has a segment `.` or `..`, which may resolve differently without notice.
  var parents: [BytePath]? {
    let segments = path.bytes.split(separator: UInt8(ascii: "/"))
    guard !segments.contains(where: { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) })
    else { return nil }
    var parent: [UInt8] = []
    return segments.dropLast().map { segment in
      parent += [UInt8(ascii: "/")] + segment
      return BytePath(parent)
    }
  }

  /// The name in its parent directory.
  var name: [UInt8] {
    Array(path.bytes.split(separator: UInt8(ascii: "/")).last ?? [])
  }
}
